//! What can go wrong, in the words of the domain.
//!
//! None of these is `Display`: a message of the database cannot reach a client by
//! accident, only through the one place that turns them into answers.

use std::borrow::Cow;

use sea_orm::DbErr;

use crate::ids::OrganisationId;

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// Somebody must sign in first.
    Unauthenticated,
    /// The actor may see this but not do that; the sentence says why.
    Forbidden(String),
    /// Not there, or not for this actor: the two look the same.
    NotFound,
    /// The request itself makes no sense; the sentence says what to send.
    BadRequest(String),
    /// The database does not answer for now.
    Unavailable(DbErr),
    /// Our fault.
    Internal(DbErr),
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::Unavailable(error),
            DbErr::Exec(ref cause) | DbErr::Query(ref cause) if connection_lost(cause) => {
                Self::Unavailable(error)
            }
            _ => Self::Internal(error),
        }
    }
}

/// Whether the database went away, is shutting down, is full or kept us waiting too long.
fn connection_lost(cause: &sea_orm::RuntimeErr) -> bool {
    let sea_orm::RuntimeErr::SqlxError(cause) = cause else { return false };
    match &**cause {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => lost(&error.code().unwrap_or_default()),
        _ => false,
    }
}

fn lost(code: &str) -> bool {
    // PostgreSQL has five characters: classes 08 (connection), 53 (resources) and 57
    // (shutdown, time-out), and 55P03, a lock that did not come.
    const CLASSES: [&str; 3] = ["08", "53", "57"];
    // SQLite has a number, with details above its lowest byte: busy, locked, disk
    // error, disk full, cannot open.
    const NUMBERS: [u32; 5] = [5, 6, 10, 13, 14];
    match code.len() {
        5 => code == "55P03" || CLASSES.contains(&&code[..2]),
        _ => code.parse().is_ok_and(|number: u32| NUMBERS.contains(&(number & 0xff))),
    }
}

/// Why a command did nothing.
#[derive(Debug)]
pub enum Declined {
    Failed(Failure),
    /// The input breaks rules; every one of them is named.
    Invalid(Vec<Problem>),
    /// Somebody changed the organisation since the caller read it.
    VersionConflict(OrganisationId),
    /// The idempotency key was used before, with another input.
    KeyReused,
}

impl<E: Into<Failure>> From<E> for Declined {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// One thing wrong with an input, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: the field's path, such as `input.name` or `input.duties[2].title`.
    pub path: Cow<'static, str>,
    pub code: ProblemCode,
    /// A sentence for the person who sent it.
    pub message: String,
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemCode {
    Required,
    Malformed,
    OutOfRange,
    NotFound,
    WrongKind,
    AlreadyExists,
    Contradiction,
    Unchanged,
}

/// Gathers problems, so that all of them come in one answer.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub fn add(
        &mut self,
        path: impl Into<Cow<'static, str>>,
        code: ProblemCode,
        message: impl Into<String>,
    ) {
        self.0.push(Problem { path: path.into(), code, message: message.into() });
    }

    /// Everything that is wrong.
    pub fn list(self) -> Vec<Problem> {
        self.0
    }

    /// Nothing, if nothing is wrong.
    pub fn check(self) -> Result<(), Declined> {
        if self.0.is_empty() { Ok(()) } else { Err(Declined::Invalid(self.0)) }
    }
}

/// One problem, as the whole answer.
pub fn invalid<T>(
    path: &'static str,
    code: ProblemCode,
    message: impl Into<String>,
) -> Result<T, Declined> {
    Err(Declined::Invalid(vec![Problem { path: path.into(), code, message: message.into() }]))
}
