//! `draftFrameworkVersion`: a version of the competency framework that there is not yet, whole.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    framework::CompetencyFramework, input::CompetencyFrameworkContentInput, outcomes::numbers,
};
use crate::{
    auth::action::Action,
    domain::{
        error::Declined,
        idempotency::IdempotencyKey,
        programme::{self, framework},
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
pub struct DraftFrameworkVersionInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and drafts nothing twice.
    idempotency_key: ID,
    /// Major, minor and patch, such as `1.1.0`: after every published version.
    version: String,
    /// What it says, whole.
    content: CompetencyFrameworkContentInput,
}

/// What became of `draftFrameworkVersion`.
#[derive(Union)]
pub enum DraftFrameworkVersionPayload {
    FrameworkVersionDrafted(FrameworkVersionDrafted),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The version is drafted.
#[derive(SimpleObject)]
pub struct FrameworkVersionDrafted {
    /// The draft.
    framework: CompetencyFramework,
}

impl DraftFrameworkVersionInput {
    fn read(self) -> Result<(IdempotencyKey, framework::DraftFramework), Declined> {
        let version = numbers(&self.version)?;
        let command = framework::DraftFramework { version, text: self.content.read() };
        let key = self.idempotency_key.to_string();
        let key = IdempotencyKey::new(&key, "draftFrameworkVersion", &format!("{command:?}"))?;
        Ok((key, command))
    }
}

#[derive(Default)]
pub struct DraftFrameworkVersionMutation;

#[Object]
impl DraftFrameworkVersionMutation {
    /// Drafts a version of the competency framework. Nobody but those who may draft sees it
    /// until it is published.
    #[graphql(directive = access::apply(Action::DraftProgrammeContent.into()))]
    async fn draft_framework_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: DraftFrameworkVersionInput,
    ) -> Result<Option<DraftFrameworkVersionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DraftProgrammeContent)?;
        let done = match input.read() {
            Err(declined) => Err(declined),
            Ok((key, command)) => framework::draft(viewer, permit, key, command).await,
        };
        creating(done, |id| {
            let framework = CompetencyFramework(programme::framework_by_id(viewer, id)?);
            Some(FrameworkVersionDrafted { framework }.into())
        })
    }
}
