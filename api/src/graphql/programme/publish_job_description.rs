//! `publishJobDescription`: from then on it is in use, and never changes.

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

/// Which draft to publish.
#[derive(InputObject)]
pub struct PublishJobDescriptionInput {
    /// The id of the draft.
    id: ID,
    /// The `revision` that you read.
    expected_version: i32,
}

/// What became of `publishJobDescription`.
#[derive(Union)]
pub enum PublishJobDescriptionPayload {
    JobDescriptionPublished(JobDescriptionPublished),
    InvalidInput(InvalidInput),
    JobDescriptionConflict(JobDescriptionConflict),
}

/// The version is in use.
#[derive(SimpleObject)]
pub struct JobDescriptionPublished {
    /// The version.
    job_description: JobDescription,
}

#[derive(Default)]
pub struct PublishJobDescriptionMutation;

#[Object]
impl PublishJobDescriptionMutation {
    /// Publishes a draft: it is in use from then on, and never changes again. What was
    /// published before stays in use for those who began on it.
    #[graphql(directive = access::apply(Action::PublishProgrammeContent.into()))]
    async fn publish_job_description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: PublishJobDescriptionInput,
    ) -> Result<Option<PublishJobDescriptionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::PublishProgrammeContent)?;
        let expected = expected(&input.id, "JobDescription", input.expected_version)?;
        let done = settle::publish::<content::JobDescription>(viewer, permit, expected).await;
        of_job_description(ctx, done, |job_description| {
            JobDescriptionPublished { job_description }.into()
        })
    }
}
