//! `publishFrameworkVersion`: from then on it is in use, and never changes.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    framework::CompetencyFramework,
    outcomes::{CompetencyFrameworkConflict, expected, of_framework},
};
use crate::{
    auth::action::Action,
    domain::programme::{content, settle},
    graphql::{access::access, error::Result, organisations::seen::viewer, outcomes::InvalidInput},
};

/// Which draft to publish.
#[derive(InputObject)]
pub struct PublishFrameworkVersionInput {
    /// The id of the draft.
    id: ID,
    /// The `revision` that you read.
    expected_version: i32,
}

/// What became of `publishFrameworkVersion`.
#[derive(Union)]
pub enum PublishFrameworkVersionPayload {
    FrameworkVersionPublished(FrameworkVersionPublished),
    InvalidInput(InvalidInput),
    CompetencyFrameworkConflict(CompetencyFrameworkConflict),
}

/// The version is in use.
#[derive(SimpleObject)]
pub struct FrameworkVersionPublished {
    /// The version.
    framework: CompetencyFramework,
}

#[derive(Default)]
pub struct PublishFrameworkVersionMutation;

#[Object]
impl PublishFrameworkVersionMutation {
    /// Publishes a draft: it is in use from then on, and never changes again. What was
    /// published before stays in use for those who began on it.
    #[graphql(directive = access::apply(Action::PublishProgrammeContent.into()))]
    async fn publish_framework_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: PublishFrameworkVersionInput,
    ) -> Result<Option<PublishFrameworkVersionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::PublishProgrammeContent)?;
        let expected = expected(&input.id, "CompetencyFramework", input.expected_version)?;
        let done = settle::publish::<content::Framework>(viewer, permit, expected).await;
        of_framework(ctx, done, |framework| FrameworkVersionPublished { framework }.into())
    }
}
