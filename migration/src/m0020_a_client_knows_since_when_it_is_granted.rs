//! Since which position of the feed each machine client is granted what it now is: what it
//! followed before then was another feed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "ALTER TABLE api_client ADD COLUMN granted_from BIGINT NOT NULL DEFAULT 0";
        manager.get_connection().execute_unprepared(statement).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "ALTER TABLE api_client DROP COLUMN granted_from";
        manager.get_connection().execute_unprepared(statement).await.map(|_| ())
    }
}
