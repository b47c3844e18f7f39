//! What a command can answer besides success: outcomes that the caller can act on.
//! Refusals are not here; they are errors, and the same for every command.

use std::borrow::Cow;

use async_graphql::{Context, SimpleObject};

use super::{
    enums::ProblemCode,
    error::Result,
    organisations::{interfaces::Organisation, parts, seen::viewer},
    refusal::Refusal,
};
use crate::domain::error::{Declined, Problem};

/// The input breaks rules; nothing was changed.
#[derive(SimpleObject)]
pub struct InvalidInput {
    /// Everything that is wrong with it.
    problems: Vec<InputProblem>,
}

/// One thing wrong with an input.
#[derive(SimpleObject)]
pub struct InputProblem {
    /// Where, such as `input.name`, or `input.duties[2].title` for the third of a list.
    path: Cow<'static, str>,
    /// What kind of thing.
    code: ProblemCode,
    /// What is wrong and what to do about it, for the person who sent it.
    message: String,
}

/// Somebody changed it since you read it; nothing was changed. Read it again, and
/// send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct VersionConflict {
    /// The organisation as it is now.
    current: Organisation,
}

/// The idempotency key was used before, with another input; nothing was changed.
/// Make a new key for a new command.
#[derive(SimpleObject)]
pub struct IdempotencyConflict {
    /// What happened, in words.
    message: &'static str,
}

impl From<Problem> for InputProblem {
    fn from(problem: Problem) -> Self {
        Self { path: problem.path, code: problem.code.into(), message: problem.message }
    }
}

impl From<Vec<Problem>> for InvalidInput {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems: problems.into_iter().map(Into::into).collect() }
    }
}

pub fn invalid<P: From<InvalidInput>>(problems: Vec<Problem>) -> P {
    InvalidInput::from(problems).into()
}

/// The answer of a command that changes something which the caller has read.
pub fn changing<T, P>(
    ctx: &Context<'_>,
    done: Result<T, Declined>,
    success: impl FnOnce(T) -> Option<P>,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<VersionConflict>,
{
    match done {
        Ok(done) => success(done).map(Some).ok_or_else(Refusal::internal),
        Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
        Err(Declined::VersionConflict(id)) => {
            let current = parts::organisation(ctx, id, viewer(ctx).today());
            let current = current.ok_or_else(Refusal::internal)?;
            Ok(Some(VersionConflict { current }.into()))
        }
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::KeyReused) => Err(Refusal::internal()),
    }
}

/// The answer of a command that creates something under an idempotency key.
pub fn creating<T, P>(
    done: Result<T, Declined>,
    success: impl FnOnce(T) -> Option<P>,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<IdempotencyConflict>,
{
    match done {
        Ok(done) => success(done).map(Some).ok_or_else(Refusal::internal),
        Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
        Err(Declined::KeyReused) => {
            let message =
                "this idempotency key was used before, with another input: make a new one";
            Ok(Some(IdempotencyConflict { message }.into()))
        }
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::VersionConflict(_)) => Err(Refusal::internal()),
    }
}

/// What a command that changes a record comes to.
pub enum Answered<P> {
    With(P),
    /// Somebody changed the row of that id.
    Conflict(i64),
}

/// The answer of a command about a record that the caller has read.
pub fn answered<T, P: From<InvalidInput>>(
    done: Result<T, Declined>,
    success: impl FnOnce(T) -> Result<P>,
) -> Result<Answered<P>> {
    match done {
        Ok(done) => success(done).map(Answered::With),
        Err(Declined::Invalid(problems)) => Ok(Answered::With(invalid(problems))),
        Err(Declined::VersionConflict(id)) => Ok(Answered::Conflict(id)),
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::KeyReused) => Err(Refusal::internal()),
    }
}
