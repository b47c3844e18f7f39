//! What commands about programme content can answer besides success.

use async_graphql::{Context, ID, SimpleObject};

use super::{framework::CompetencyFramework, job_description::JobDescription};
use crate::{
    domain::{
        error::{Declined, ProblemCode, Problems},
        programme::{self, settle::Expected},
        viewer::Viewer,
    },
    graphql::{
        error::Result,
        ids,
        metrics::define_metric::read_version,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
};

/// Somebody changed the version since you read it; nothing was changed. Read it again, and
/// send the command with its revision if it still makes sense.
#[derive(SimpleObject)]
pub struct JobDescriptionConflict {
    /// The version as it is now.
    current: JobDescription,
}

/// Somebody changed the version since you read it; nothing was changed. Read it again, and
/// send the command with its revision if it still makes sense.
#[derive(SimpleObject)]
pub struct CompetencyFrameworkConflict {
    /// The version as it is now.
    current: CompetencyFramework,
}

/// What an id and an expected version name.
pub(super) fn expected(id: &ID, type_name: &str, row_version: i32) -> Result<Expected> {
    Ok(Expected { id: ids::read_as(id, type_name)?, row_version })
}

/// The numbers of a version.
pub(super) fn numbers(version: &str) -> Result<(i32, i32, i32), Declined> {
    let mut problems = Problems::default();
    let numbers = read_version(version);
    if numbers.is_none() {
        let sentence = "a version is three numbers joined by points, such as 1.0.0";
        problems.add("input.version", ProblemCode::Malformed, sentence);
    }
    problems.check()?;
    Ok(numbers.unwrap_or_default())
}

/// The answer of a command that changes a version of the job description.
pub(super) fn of_job_description<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(JobDescription) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<JobDescriptionConflict>,
{
    let find =
        |viewer: &Viewer, id| programme::job_description_by_id(viewer, id).map(JobDescription);
    let conflict = |current| JobDescriptionConflict { current }.into();
    answered(viewer(ctx), done, find, success, conflict)
}

/// The answer of a command that changes a version of the framework.
pub(super) fn of_framework<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(CompetencyFramework) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<CompetencyFrameworkConflict>,
{
    let find =
        |viewer: &Viewer, id| programme::framework_by_id(viewer, id).map(CompetencyFramework);
    let conflict = |current| CompetencyFrameworkConflict { current }.into();
    answered(viewer(ctx), done, find, success, conflict)
}

fn answered<T, P: From<InvalidInput>>(
    viewer: &Viewer,
    done: Result<i64, Declined>,
    find: impl Fn(&Viewer, i64) -> Option<T>,
    success: impl FnOnce(T) -> P,
    conflict: impl FnOnce(T) -> P,
) -> Result<Option<P>> {
    let found = |id| find(viewer, id).ok_or_else(Refusal::internal);
    match done {
        Ok(id) => Ok(Some(success(found(id)?))),
        Err(Declined::VersionConflict(id)) => Ok(Some(conflict(found(id)?))),
        Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
        Err(Declined::Failed(failure)) => Err(failure.into()),
        Err(Declined::KeyReused) => Err(Refusal::internal()),
    }
}
