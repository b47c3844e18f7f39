//! `redraftJobDescription`: a draft of the job description told anew, whole.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::JobDescriptionContentInput,
    job_description::JobDescription,
    outcomes::{JobDescriptionConflict, expected, of_job_description},
};
use crate::{
    auth::action::Action,
    domain::programme::job_description,
    graphql::{access::access, error::Result, organisations::seen::viewer, outcomes::InvalidInput},
};

/// A draft, as it is told anew.
#[derive(InputObject)]
pub struct RedraftJobDescriptionInput {
    /// The id of the draft.
    id: ID,
    /// The `revision` that you read.
    expected_version: i32,
    /// What it says from now on, whole.
    content: JobDescriptionContentInput,
}

/// What became of `redraftJobDescription`.
#[derive(Union)]
pub enum RedraftJobDescriptionPayload {
    JobDescriptionRedrafted(JobDescriptionRedrafted),
    InvalidInput(InvalidInput),
    JobDescriptionConflict(JobDescriptionConflict),
}

/// The draft is told anew.
#[derive(SimpleObject)]
pub struct JobDescriptionRedrafted {
    /// The draft.
    job_description: JobDescription,
}

#[derive(Default)]
pub struct RedraftJobDescriptionMutation;

#[Object]
impl RedraftJobDescriptionMutation {
    /// Tells a draft of the job description anew. What is published is never changed.
    #[graphql(directive = access::apply(Action::DraftProgrammeContent.into()))]
    async fn redraft_job_description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: RedraftJobDescriptionInput,
    ) -> Result<Option<RedraftJobDescriptionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DraftProgrammeContent)?;
        let expected = expected(&input.id, "JobDescription", input.expected_version)?;
        let done = job_description::redraft(viewer, permit, expected, input.content.read()).await;
        of_job_description(ctx, done, |job_description| {
            JobDescriptionRedrafted { job_description }.into()
        })
    }
}
