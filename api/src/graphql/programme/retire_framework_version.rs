//! `retireFrameworkVersion`: nobody begins on it any more.

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

/// Which version to take out of use.
#[derive(InputObject)]
pub struct RetireFrameworkVersionInput {
    /// The id of the version.
    id: ID,
    /// The `revision` that you read.
    expected_version: i32,
}

/// What became of `retireFrameworkVersion`.
#[derive(Union)]
pub enum RetireFrameworkVersionPayload {
    FrameworkVersionRetired(FrameworkVersionRetired),
    InvalidInput(InvalidInput),
    CompetencyFrameworkConflict(CompetencyFrameworkConflict),
}

/// The version is out of use, and stays as it is.
#[derive(SimpleObject)]
pub struct FrameworkVersionRetired {
    /// The version.
    framework: CompetencyFramework,
}

#[derive(Default)]
pub struct RetireFrameworkVersionMutation;

#[Object]
impl RetireFrameworkVersionMutation {
    /// Takes a published version of the competency framework out of use. Who began on it stays
    /// on it.
    #[graphql(directive = access::apply(Action::RetireProgrammeContent.into()))]
    async fn retire_framework_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: RetireFrameworkVersionInput,
    ) -> Result<Option<RetireFrameworkVersionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RetireProgrammeContent)?;
        let expected = expected(&input.id, "CompetencyFramework", input.expected_version)?;
        let done = settle::retire::<content::Framework>(viewer, permit, expected).await;
        of_framework(ctx, done, |framework| FrameworkVersionRetired { framework }.into())
    }
}
