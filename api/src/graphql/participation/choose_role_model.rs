//! `chooseRoleModel`: how the work is shared out at a site.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};

use super::{
    object::Participation,
    outcomes::{ParticipationConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::participation::choose_role_model as domain,
    graphql::{
        access::access,
        error::Result,
        organisations::{by::SiteBy, seen::viewer},
        outcomes::InvalidInput,
        programme::enums::RoleModel,
    },
};

/// Which site chose what.
#[derive(InputObject)]
pub struct ChooseRoleModelInput {
    /// The site.
    site: SiteBy,
    /// The version of its participation that you read; 0 where nothing is recorded.
    expected_version: i32,
    /// How the work is shared out from today on.
    role_model: RoleModel,
}

/// What became of `chooseRoleModel`.
#[derive(Union)]
pub enum ChooseRoleModelPayload {
    RoleModelChosen(RoleModelChosen),
    InvalidInput(InvalidInput),
    ParticipationConflict(ParticipationConflict),
}

/// The role model is recorded.
#[derive(SimpleObject)]
pub struct RoleModelChosen {
    /// The site's part, as it now is.
    participation: Participation,
}

#[derive(Default)]
pub struct ChooseRoleModelMutation;

#[Object]
impl ChooseRoleModelMutation {
    /// Records a site's role model, at any stage.
    #[graphql(directive = access::apply(Action::RecordStage.into()))]
    async fn choose_role_model(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which site chose what.")] input: ChooseRoleModelInput,
    ) -> Result<Option<ChooseRoleModelPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordStage)?;
        let command = domain::ChooseRoleModel {
            site: input.site.read()?,
            expected_version: input.expected_version,
            role_model: input.role_model.into(),
        };
        let done = domain::choose(viewer, permit, command).await;
        changing(ctx, done, |participation| RoleModelChosen { participation }.into())
    }
}
