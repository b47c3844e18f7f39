//! The key of a command that was done says which command it was, so that a sandbox's reset
//! can tell the keys whose effects it leaves from those whose effects are gone. Of keys that
//! are there already nobody knows any more.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "ALTER TABLE idempotency_key ADD COLUMN command TEXT NOT NULL DEFAULT ''";
        manager.get_connection().execute_unprepared(statement).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = "ALTER TABLE idempotency_key DROP COLUMN command";
        manager.get_connection().execute_unprepared(statement).await.map(|_| ())
    }
}
