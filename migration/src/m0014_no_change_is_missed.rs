//! A feed that tells whom a change took something away from, and what the days bring.

use sea_orm_migration::prelude::*;

use crate::m0003_every_write_is_recorded::{changes, index_changes};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(changes("wider_change")).await?;
        for statement in [
            "ALTER TABLE wider_change ADD COLUMN node_type TEXT",
            "ALTER TABLE wider_change ADD COLUMN node_id BIGINT",
            "ALTER TABLE wider_change ADD COLUMN organisation_kind TEXT",
            "ALTER TABLE wider_change ADD COLUMN left_reach_of TEXT",
            "INSERT INTO wider_change SELECT position, at, audit_id, organisation_id, change_type, \
             effective_on, before, after, node_type, node_id, NULL, NULL FROM change",
            "DROP TABLE change",
            "ALTER TABLE wider_change RENAME TO change",
            "ALTER TABLE row_id ADD COLUMN day DATE",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        index_changes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "ALTER TABLE row_id DROP COLUMN day",
            "ALTER TABLE change DROP COLUMN left_reach_of",
            "ALTER TABLE change DROP COLUMN organisation_kind",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
