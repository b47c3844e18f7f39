//! A machine client's webhook keeps the scopes of the token that registered it, so that it
//! tells no more than that token could read. Those that are there already keep telling what
//! their client is granted.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "ALTER TABLE webhook ADD COLUMN scopes TEXT NOT NULL DEFAULT ''",
            "UPDATE webhook SET scopes = \
             'progress:read sites:read returns:write enrolments:write changes:read' \
             WHERE client_id IS NOT NULL",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "ALTER TABLE webhook DROP COLUMN scopes";
        manager.get_connection().execute_unprepared(statement).await.map(|_| ())
    }
}
