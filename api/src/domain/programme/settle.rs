//! Publishing a version, and taking it out of use: all that ever happens to one besides
//! its drafting.

use std::sync::Arc;

use entity::{change::ChangeType, job_description::State};
use sea_orm::{
    ActiveEnum, ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{
    check,
    content::{Content, Framework, JobDescription, Versioned, Versions},
    say,
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        turn::Turn,
        viewer::Viewer,
    },
};

/// The version of that id, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    pub id: i64,
    pub row_version: i32,
}

/// Content that is published and retired.
pub trait Settled: Versioned + Send + Sync + 'static {
    fn versions(content: &Content) -> &Versions<Self>
    where
        Self: Sized;

    /// What keeps it from being published, besides its number.
    fn may_publish(&self, content: &Content, problems: &mut Problems);

    /// What keeps it from being retired.
    fn may_retire(&self, content: &Content, problems: &mut Problems);
}

impl Settled for JobDescription {
    fn versions(content: &Content) -> &Versions<Self> {
        content.job_descriptions()
    }

    fn may_publish(&self, _: &Content, _: &mut Problems) {}

    fn may_retire(&self, content: &Content, problems: &mut Problems) {
        let rests = |framework: &&Arc<Framework>| {
            framework.state() == State::Published && framework.row.job_description_id == self.row.id
        };
        if let Some(framework) = content.frameworks().all().iter().find(rests) {
            let sentence =
                format!("framework {} supports it: retire that one first", framework.version());
            problems.add("input.id", ProblemCode::Contradiction, sentence);
        }
    }
}

impl Settled for Framework {
    fn versions(content: &Content) -> &Versions<Self> {
        content.frameworks()
    }

    fn may_publish(&self, _: &Content, problems: &mut Problems) {
        if self.job_description.state() != State::Published {
            let sentence = format!(
                "job description {} was retired since this was drafted: redraft it for another",
                self.job_description.version()
            );
            problems.add("input.id", ProblemCode::Contradiction, sentence);
        }
    }

    fn may_retire(&self, _: &Content, _: &mut Problems) {}
}

/// Publishes a draft: from then on it never changes. Gives its id.
pub async fn publish<T: Settled>(
    viewer: &Viewer,
    permit: Permit,
    expected: Expected,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(move |viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let catalogue = turn.catalogue().clone();
            let content = catalogue.content();
            let found = expected_of(&turn, T::versions(content), expected)?;
            if found.state() != State::Draft {
                return invalid("input.id", ProblemCode::Unchanged, "it is published already");
            }
            let mut problems = Problems::default();
            check::follows(T::versions(content), found.numbers(), "input.id", &mut problems);
            found.may_publish(content, &mut problems);
            problems.check()?;
            settle(turn, found, State::Published).await
        })
        .await
}

/// Takes a published version out of use; it stays as it is for those who began on it.
pub async fn retire<T: Settled>(
    viewer: &Viewer,
    permit: Permit,
    expected: Expected,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(move |viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let catalogue = turn.catalogue().clone();
            let found = expected_of(&turn, T::versions(catalogue.content()), expected)?;
            let mut problems = Problems::default();
            match found.state() {
                State::Draft => {
                    let sentence = "a draft is not in use: redraft or publish it";
                    problems.add("input.id", ProblemCode::Contradiction, sentence);
                }
                State::Retired => {
                    problems.add("input.id", ProblemCode::Unchanged, "it is retired already");
                }
                State::Published => found.may_retire(catalogue.content(), &mut problems),
            }
            problems.check()?;
            settle(turn, found, State::Retired).await
        })
        .await
}

async fn settle<T: Versioned>(mut turn: Turn, found: &T, state: State) -> Result<i64, Declined> {
    let (column, change_type) = match state {
        State::Retired => ("retired_on", ChangeType::ContentRetired),
        State::Draft | State::Published => ("published_on", ChangeType::ContentPublished),
    };
    let statement = Query::update()
        .table(T::TABLE)
        .value("state", state.to_value())
        .value(column, turn.today())
        .value("row_version", found.row_version() + 1)
        .and_where(Expr::col("id").eq(found.id()))
        .to_owned();
    turn.connection().execute(&statement).await?;
    say(&mut turn, change_type, format!("{} {}", T::NOUN, found.version()));
    turn.commit(None, found.id()).await?;
    Ok(found.id())
}

/// The version, if it is as it was read.
fn expected_of<'a, T: Versioned>(
    turn: &Turn,
    versions: &'a Versions<T>,
    expected: Expected,
) -> Result<&'a T, Declined> {
    let found = versions.find(expected.id).ok_or(Failure::NotFound)?;
    if found.row_version() != expected.row_version {
        turn.see_before();
        return Err(Declined::VersionConflict(expected.id));
    }
    Ok(found)
}

/// The draft, if it is as it was read and still one.
pub(super) fn draft_of<'a, T: Versioned>(
    turn: &Turn,
    versions: &'a Versions<T>,
    expected: Expected,
) -> Result<&'a T, Declined> {
    let found = expected_of(turn, versions, expected)?;
    if found.state() != State::Draft {
        let sentence = "that version is published, and a published one is never changed: \
                        draft the next one";
        return invalid("input.id", ProblemCode::Contradiction, sentence);
    }
    Ok(found)
}
