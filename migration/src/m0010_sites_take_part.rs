//! Sites that take part, with the stages that hubs record for them; and a change feed and
//! audit rows that say which record of an organisation they tell of.

use entity::{participation::Phase, role_model::RoleModel, stage_record::RecordedStage};
use sea_orm_migration::prelude::*;

use crate::{
    constraints::{id, one_of, organisation, version},
    m0003_every_write_is_recorded::{at, audited, widen_changes},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [participations(), stage_records()] {
            manager.create_table(table).await?;
        }
        index(manager, "stage_record", "site_id").await?;
        widen_changes(manager).await?;
        for statement in [
            "ALTER TABLE change ADD COLUMN node_type TEXT",
            "ALTER TABLE change ADD COLUMN node_id BIGINT",
            "ALTER TABLE audit ADD COLUMN node_type TEXT",
            "ALTER TABLE audit ADD COLUMN node_id BIGINT",
            "ALTER TABLE row_id ADD COLUMN records_position BIGINT NOT NULL DEFAULT 0",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [
            "ALTER TABLE row_id DROP COLUMN records_position",
            "ALTER TABLE audit DROP COLUMN node_id",
            "ALTER TABLE audit DROP COLUMN node_type",
            "ALTER TABLE change DROP COLUMN node_id",
            "ALTER TABLE change DROP COLUMN node_type",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        for table in ["stage_record", "participation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// An index on one column, named after it.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    let mut by = Index::create();
    by.name(format!("{table}_by_{}", column.trim_end_matches("_id"))).table(table).col(column);
    manager.create_index(by).await
}

pub(crate) fn day(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).date().not_null().to_owned()
}

fn participations() -> TableCreateStatement {
    let mut site = ForeignKey::create().from_col("site_id").to("organisation", "id").to_owned();
    Table::create()
        .table("participation")
        .col(ColumnDef::new("site_id").big_integer().not_null().primary_key())
        .foreign_key(&mut site)
        .col(one_of::<RoleModel>("role_model"))
        .col(one_of::<Phase>("phase"))
        .col(version())
        .to_owned()
}

fn stage_records() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("stage_record").col(id());
    organisation(&mut table, "site_id");
    table
        .col(one_of::<RecordedStage>("stage"))
        .col(day("occurred_on"))
        .col(ColumnDef::new("reason").text());
    audited(&mut table).col(at()).to_owned()
}
