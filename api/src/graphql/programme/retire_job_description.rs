//! `retireJobDescription`: nobody begins on it any more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    job_description::JobDescription,
    outcomes::{JobDescriptionConflict, expected, of_job_description},
};
use crate::{
    auth::action::Action,
    domain::programme::{content, settle},
    graphql::{access::access, error::Result, organisations::seen::viewer, outcomes::InvalidInput},
};

/// Which version to take out of use.
#[derive(InputObject)]
pub struct RetireJobDescriptionInput {
    /// The id of the version.
    id: ID,
    /// The `revision` that you read.
    expected_version: i32,
}

/// What became of `retireJobDescription`.
#[derive(Union)]
pub enum RetireJobDescriptionPayload {
    JobDescriptionRetired(JobDescriptionRetired),
    InvalidInput(InvalidInput),
    JobDescriptionConflict(JobDescriptionConflict),
}

/// The version is out of use, and stays as it is.
#[derive(SimpleObject)]
pub struct JobDescriptionRetired {
    /// The version.
    job_description: JobDescription,
}

#[derive(Default)]
pub struct RetireJobDescriptionMutation;

#[Object]
impl RetireJobDescriptionMutation {
    /// Takes a published version of the job description out of use. Who began on it stays
    /// on it.
    #[graphql(directive = access::apply(Action::RetireProgrammeContent.into()))]
    async fn retire_job_description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: RetireJobDescriptionInput,
    ) -> Result<Option<RetireJobDescriptionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RetireProgrammeContent)?;
        let expected = expected(&input.id, "JobDescription", input.expected_version)?;
        let done = settle::retire::<content::JobDescription>(viewer, permit, expected).await;
        of_job_description(ctx, done, |job_description| {
            JobDescriptionRetired { job_description }.into()
        })
    }
}
