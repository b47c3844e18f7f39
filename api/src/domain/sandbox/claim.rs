//! Whether a database is a sandbox's. It is decided once, while the database is empty.

use entity::{organisation, sandbox};
use sea_orm::{
    ActiveModelTrait, DatabaseConnection, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    sea_query::OnConflict,
};

use super::ROW;
use crate::{config::Environment, domain::opening::NotOpened};

/// Lets a sandbox have its own database and no other, and nobody else have it.
pub(in crate::domain) async fn claim(
    connection: &DatabaseConnection,
    environment: Environment,
) -> Result<(), NotOpened> {
    let found = sandbox::Entity::find_by_id(ROW).one(connection).await?.is_some();
    match (environment, found) {
        (Environment::Sandbox, true) => Ok(()),
        (Environment::Sandbox, false) => begin(connection).await,
        (Environment::Development | Environment::Production, true) => Err(NotOpened::OfASandbox),
        (Environment::Development | Environment::Production, false) => Ok(()),
    }
}

async fn begin(connection: &DatabaseConnection) -> Result<(), NotOpened> {
    if organisation::Entity::find().count(connection).await? > 0 {
        return Err(NotOpened::NotASandbox);
    }
    let row =
        sandbox::Model { name: ROW.to_owned(), ahead: 0, resets: 0, forgotten: 0, reset_at: None };
    // Another instance may begin it at the same moment.
    let once = OnConflict::column(sandbox::Column::Name).do_nothing().to_owned();
    let begun = sandbox::Entity::insert(row.into_active_model().reset_all()).on_conflict(once);
    match begun.exec_without_returning(connection).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
