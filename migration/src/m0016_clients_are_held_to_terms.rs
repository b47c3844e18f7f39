//! What each machine client may spend and send, the operations that are registered, and
//! who uses which field of the schema.

use sea_orm_migration::prelude::*;

use crate::{
    constraints::{id, version},
    m0003_every_write_is_recorded::{audited, text},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [operations(), uses(), unregistered()] {
            manager.create_table(table).await?;
        }
        for statement in [
            "ALTER TABLE api_client ADD COLUMN cost_per_minute INTEGER CHECK (cost_per_minute > 0)",
            "ALTER TABLE api_client ADD COLUMN documents TEXT NOT NULL DEFAULT 'ANY' \
             CHECK (documents IN ('ANY', 'REPORT', 'REGISTERED'))",
            "CREATE UNIQUE INDEX operation_is_registered_once ON operation \
             (COALESCE(client_id, 0), sha256) WHERE retired_at IS NULL",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["unregistered_document", "field_use", "operation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for column in ["documents", "cost_per_minute"] {
            let statement = format!("ALTER TABLE api_client DROP COLUMN {column}");
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

fn moment(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().not_null().to_owned()
}

fn number(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn operations() -> TableCreateStatement {
    let mut table = Table::create();
    let mut key = ForeignKey::create().from_col("client_id").to("api_client", "id").to_owned();
    table
        .table("operation")
        .col(id())
        .col(ColumnDef::new("client_id").big_integer())
        .foreign_key(&mut key)
        .col(text("name"))
        .col(text("sha256"))
        .col(text("document"))
        .col(moment("registered_at"))
        .col(ColumnDef::new("retired_at").timestamp_with_time_zone());
    audited(&mut table).col(version()).to_owned()
}

fn uses() -> TableCreateStatement {
    let mut one = Index::create().col("caller").col("coordinate").col("day").to_owned();
    Table::create()
        .table("field_use")
        .col(text("caller"))
        .col(text("coordinate"))
        .col(ColumnDef::new("day").date().not_null())
        .col(number("requests"))
        .primary_key(&mut one)
        .to_owned()
}

fn unregistered() -> TableCreateStatement {
    let mut one = Index::create().col("client_id").col("sha256").to_owned();
    Table::create()
        .table("unregistered_document")
        .col(number("client_id"))
        .col(text("sha256"))
        .col(text("document"))
        .col(moment("first_sent_at"))
        .col(moment("last_sent_at"))
        .col(number("requests"))
        .primary_key(&mut one)
        .to_owned()
}
