//! Choosing a site's role model, at any stage.

use entity::{change::ChangeType, role_model::RoleModel};

use super::{at_version, permitted, say, write};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, invalid},
        organisations::OrganisationBy,
        turn::Turn,
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// A site shares out the work in another way from today on.
#[derive(Debug, Clone)]
pub struct ChooseRoleModel {
    pub site: OrganisationBy,
    pub expected_version: i32,
    pub role_model: RoleModel,
}

/// Records the choice; gives the site.
pub async fn choose(
    viewer: &Viewer,
    permit: Permit,
    command: ChooseRoleModel,
) -> Result<OrganisationId, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let id = permitted(&turn, &command.site)?.id();
            at_version(&turn, id, command.expected_version)?;
            let known = turn.records().participation(id).map(|row| row.role_model);
            if known.unwrap_or(RoleModel::Undecided) == command.role_model {
                let sentence = "that is its role model already";
                return invalid("input.roleModel", ProblemCode::Unchanged, sentence);
            }
            write(&turn, id, Some(command.role_model), None).await?;
            let on = turn.today();
            let word = |model| sea_orm::ActiveEnum::to_value(&model);
            let (before, after) = (known.map(word), word(command.role_model));
            say(&mut turn, id, ChangeType::RoleModelChosen, on, before, after);
            turn.commit(Some(id), id).await?;
            Ok(id)
        })
        .await
}
