//! `draftJobDescription`: a version of the job description that there is not yet, whole.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::JobDescriptionContentInput, job_description::JobDescription, outcomes::numbers,
};
use crate::{
    auth::action::Action,
    domain::{
        error::Declined,
        idempotency::IdempotencyKey,
        programme::{self, job_description},
    },
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// A version, as it is drafted.
#[derive(InputObject)]
pub struct DraftJobDescriptionInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and drafts nothing twice.
    idempotency_key: ID,
    /// Major, minor and patch, such as `1.1.0`: after every published version.
    version: String,
    /// What it says, whole.
    content: JobDescriptionContentInput,
}

/// What became of `draftJobDescription`.
#[derive(Union)]
pub enum DraftJobDescriptionPayload {
    JobDescriptionDrafted(JobDescriptionDrafted),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The version is drafted.
#[derive(SimpleObject)]
pub struct JobDescriptionDrafted {
    /// The draft.
    job_description: JobDescription,
}

impl DraftJobDescriptionInput {
    fn read(self) -> Result<(IdempotencyKey, job_description::DraftJobDescription), Declined> {
        let version = numbers(&self.version)?;
        let command = job_description::DraftJobDescription { version, text: self.content.read() };
        let key = self.idempotency_key.to_string();
        let key = IdempotencyKey::new(&key, "draftJobDescription", &format!("{command:?}"))?;
        Ok((key, command))
    }
}

#[derive(Default)]
pub struct DraftJobDescriptionMutation;

#[Object]
impl DraftJobDescriptionMutation {
    /// Drafts a version of the job description. Nobody but those who may draft sees it
    /// until it is published.
    #[graphql(directive = access::apply(Action::DraftProgrammeContent.into()))]
    async fn draft_job_description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: DraftJobDescriptionInput,
    ) -> Result<Option<DraftJobDescriptionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DraftProgrammeContent)?;
        let done = match input.read() {
            Err(declined) => Err(declined),
            Ok((key, command)) => job_description::draft(viewer, permit, key, command).await,
        };
        creating(done, |id| {
            let job_description = JobDescription(programme::job_description_by_id(viewer, id)?);
            Some(JobDescriptionDrafted { job_description }.into())
        })
    }
}
