//! What machine clients are granted, carried over a reset: by the codes of the
//! organisations, because only codes mean the same before and after. A grant for an
//! organisation that is gone goes with it.

use entity::{api_client_grant, organisation_code::CodeScheme};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::domain::{directory::Directory, error::Failure, turn::Turn};

/// A grant, with a code that its organisation bears.
pub(super) type Grant = (api_client_grant::Model, CodeScheme, String);

/// Takes every grant away, and says what they were.
pub(super) async fn take(turn: &Turn) -> Result<Vec<Grant>, Failure> {
    let rows = api_client_grant::Entity::find().all(turn.connection()).await?;
    api_client_grant::Entity::delete_many().exec(turn.connection()).await?;
    let directory = turn.directory();
    let coded = rows.into_iter().filter_map(|row| {
        let organisation = directory.find(row.organisation_id)?;
        let code = organisation.codes.iter().find(|code| code.valid_to.is_none())?;
        let (scheme, code) = (code.scheme, code.code.clone());
        Some((row, scheme, code))
    });
    Ok(coded.collect())
}

/// Gives them again, for the organisations of a new register.
pub(super) async fn give(
    turn: &Turn,
    grants: Vec<Grant>,
    register: &Directory,
) -> Result<(), Failure> {
    for (mut row, scheme, code) in grants {
        let Some(organisation) = register.bearer(scheme, &code, turn.today()) else { continue };
        row.organisation_id = organisation.id();
        let row = row.into_active_model().reset_all();
        api_client_grant::Entity::insert(row).exec_without_returning(turn.connection()).await?;
    }
    Ok(())
}
