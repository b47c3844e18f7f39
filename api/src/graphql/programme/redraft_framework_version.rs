//! `redraftFrameworkVersion`: a draft of the competency framework told anew, whole.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    framework::CompetencyFramework,
    input::CompetencyFrameworkContentInput,
    outcomes::{CompetencyFrameworkConflict, expected, of_framework},
};
use crate::{
    auth::action::Action,
    domain::programme::framework,
    graphql::{access::access, error::Result, organisations::seen::viewer, outcomes::InvalidInput},
};

/// A draft, as it is told anew.
#[derive(InputObject)]
pub struct RedraftFrameworkVersionInput {
    /// The id of the draft.
    id: ID,
    /// The `revision` that you read.
    expected_version: i32,
    /// What it says from now on, whole.
    content: CompetencyFrameworkContentInput,
}

/// What became of `redraftFrameworkVersion`.
#[derive(Union)]
pub enum RedraftFrameworkVersionPayload {
    FrameworkVersionRedrafted(FrameworkVersionRedrafted),
    InvalidInput(InvalidInput),
    CompetencyFrameworkConflict(CompetencyFrameworkConflict),
}

/// The draft is told anew.
#[derive(SimpleObject)]
pub struct FrameworkVersionRedrafted {
    /// The draft.
    framework: CompetencyFramework,
}

#[derive(Default)]
pub struct RedraftFrameworkVersionMutation;

#[Object]
impl RedraftFrameworkVersionMutation {
    /// Tells a draft of the competency framework anew. What is published is never changed.
    #[graphql(directive = access::apply(Action::DraftProgrammeContent.into()))]
    async fn redraft_framework_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: RedraftFrameworkVersionInput,
    ) -> Result<Option<RedraftFrameworkVersionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DraftProgrammeContent)?;
        let expected = expected(&input.id, "CompetencyFramework", input.expected_version)?;
        let done = framework::redraft(viewer, permit, expected, input.content.read()).await;
        of_framework(ctx, done, |framework| FrameworkVersionRedrafted { framework }.into())
    }
}
