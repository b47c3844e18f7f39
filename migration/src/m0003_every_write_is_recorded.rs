//! Audit rows, the change feed, answers that can be given again, editions loaded,
//! and the ids yet to be given.

use entity::change::ChangeType;
use sea_orm_migration::prelude::*;

use crate::constraints::one_of;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [audits(), changes("change"), idempotency_keys(), editions(), row_ids()] {
            manager.create_table(table).await?;
        }
        index_changes(manager).await?;
        let mut by_target = Index::create();
        by_target.name("audit_by_organisation").table("audit").col("organisation_id").col("id");
        manager.create_index(by_target).await?;
        let first = "INSERT INTO row_id (name, next) VALUES ('register', 1)";
        manager.get_connection().execute_unprepared(first).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["row_id", "edition", "idempotency_key", "change", "audit"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

pub(crate) fn text(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).text().not_null().to_owned()
}

pub(crate) fn at() -> ColumnDef {
    ColumnDef::new("at").timestamp_with_time_zone().not_null().to_owned()
}

/// A column that names the audit row of the command that wrote.
pub(crate) fn audited(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    let mut key = ForeignKey::create().from_col("audit_id").to("audit", "id").to_owned();
    table.col(ColumnDef::new("audit_id").big_integer().not_null()).foreign_key(&mut key)
}

/// Organisations are named without a foreign key: a record outlives its subject.
fn audits() -> TableCreateStatement {
    Table::create()
        .table("audit")
        .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
        .col(at())
        .col(text("request_id"))
        .col(text("issuer"))
        .col(text("subject"))
        .col(text("role"))
        .col(ColumnDef::new("actor_organisation_id").big_integer())
        .col(text("action"))
        .col(ColumnDef::new("organisation_id").big_integer())
        .to_owned()
}

pub(crate) async fn index_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut by_organisation = Index::create();
    by_organisation.name("change_by_organisation").table("change").col("organisation_id");
    manager.create_index(by_organisation.col("position").to_owned()).await
}

/// Makes the feed anew, so that it takes the types of change that came to be known since.
pub(crate) async fn widen_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_table(changes("wider_change")).await?;
    for statement in [
        "INSERT INTO wider_change SELECT * FROM change",
        "DROP TABLE change",
        "ALTER TABLE wider_change RENAME TO change",
    ] {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    index_changes(manager).await
}

/// The feed, under whichever name.
pub(crate) fn changes(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table(name)
        .col(ColumnDef::new("position").big_integer().not_null().primary_key())
        .col(at());
    audited(&mut table)
        .col(ColumnDef::new("organisation_id").big_integer().not_null())
        .col(one_of::<ChangeType>("change_type"))
        .col(ColumnDef::new("effective_on").date())
        .col(ColumnDef::new("before").text())
        .col(ColumnDef::new("after").text())
        .to_owned()
}

fn idempotency_keys() -> TableCreateStatement {
    Table::create()
        .table("idempotency_key")
        .col(text("caller"))
        .col(text("key"))
        .col(text("request_digest"))
        .col(ColumnDef::new("outcome_id").big_integer().not_null())
        .col(at())
        .primary_key(Index::create().col("caller").col("key"))
        .to_owned()
}

fn editions() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("edition")
        .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
        .col(text("format"))
        .col(ColumnDef::new("edition_on").date().not_null())
        .col(text("sha256"))
        .col(ColumnDef::new("rows").big_integer().not_null());
    audited(&mut table)
        .index(
            Index::create()
                .unique()
                .name("an_edition_loads_once")
                .col("format")
                .col("edition_on")
                .col("sha256"),
        )
        .to_owned()
}

fn row_ids() -> TableCreateStatement {
    Table::create()
        .table("row_id")
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(ColumnDef::new("next").big_integer().not_null())
        .to_owned()
}
