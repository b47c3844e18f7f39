//! Definitions of metrics, with the targets, baselines and rebases that speak of them;
//! a change feed that tells of them too, and how far it has come for each thing that
//! is held in memory.

use entity::{
    metric_version::{Aggregation, Direction, Disclosure, Kind, State, Unit},
    organisation,
};
use sea_orm_migration::prelude::*;

use crate::{
    constraints::{month, one_of, organisation, refers},
    m0003_every_write_is_recorded::{audited, text, widen_changes},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const POSITIONS: [&str; 3] = ["register_position", "catalogue_position", "figures_position"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in [metric_versions(), targets(), baselines(), rebases()] {
            manager.create_table(table).await?;
        }
        widen_changes(manager).await?;
        for position in POSITIONS {
            let statement =
                format!("ALTER TABLE row_id ADD COLUMN {position} BIGINT NOT NULL DEFAULT 0");
            connection.execute_unprepared(&statement).await?;
        }
        connection.execute_unprepared("ALTER TABLE idempotency_key ADD COLUMN answer TEXT").await?;
        let reached = "UPDATE row_id SET register_position = \
                       (SELECT COALESCE(MAX(position), 0) FROM change)";
        connection.execute_unprepared(reached).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for position in POSITIONS {
            let statement = format!("ALTER TABLE row_id DROP COLUMN {position}");
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        let answer = "ALTER TABLE idempotency_key DROP COLUMN answer";
        manager.get_connection().execute_unprepared(answer).await?;
        for table in ["rebase", "baseline", "target", "metric_version"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn number(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).integer().not_null().to_owned()
}

fn metric_versions() -> TableCreateStatement {
    Table::create()
        .table("metric_version")
        .col(ColumnDef::new("id").big_integer().not_null().primary_key())
        .col(text("code"))
        .col(number("major"))
        .col(number("minor"))
        .col(number("patch"))
        .col(ColumnDef::new("series_id").big_integer().not_null())
        .col(one_of::<State>("state"))
        .col(text("title"))
        .col(text("description"))
        .col(one_of::<Unit>("unit"))
        .col(one_of::<Kind>("kind"))
        .col(one_of::<Direction>("direction"))
        .col(one_of::<Aggregation>("aggregation"))
        .col(one_of::<organisation::Kind>("subject_level"))
        .col(ColumnDef::new("numerator").text())
        .col(ColumnDef::new("denominator").text())
        .col(one_of::<Disclosure>("disclosure"))
        .col(number("decimals").check(Expr::col("decimals").between(0, 6)))
        .col(ColumnDef::new("minimum").big_integer())
        .col(ColumnDef::new("maximum").big_integer())
        .col(ColumnDef::new("derivation").text())
        .col(text("sources"))
        .col(ColumnDef::new("effective_from").date().not_null())
        .col(ColumnDef::new("break_note").text())
        .col(number("row_version"))
        .index(
            Index::create()
                .unique()
                .name("a_version_is_defined_once")
                .col("code")
                .col("major")
                .col("minor")
                .col("patch"),
        )
        .to_owned()
}

/// A row for a series of an organisation.
fn of_a_series(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    refers(&mut table, "series_id", "metric_version");
    organisation(&mut table, "organisation_id");
    audited(&mut table).to_owned()
}

fn targets() -> TableCreateStatement {
    of_a_series("target")
        .col(month("month"))
        .col(ColumnDef::new("value").big_integer().not_null())
        .primary_key(Index::create().col("series_id").col("organisation_id").col("month"))
        .to_owned()
}

fn baselines() -> TableCreateStatement {
    let ordered = Expr::col("last_month").gte(Expr::col("first_month"));
    of_a_series("baseline")
        .col(month("first_month"))
        .col(month("last_month").check(ordered))
        .primary_key(Index::create().col("series_id").col("organisation_id"))
        .to_owned()
}

fn rebases() -> TableCreateStatement {
    of_a_series("rebase")
        .col(ColumnDef::new("id").big_integer().not_null().primary_key())
        .col(month("month"))
        .col(text("reason"))
        .index(
            Index::create()
                .unique()
                .name("a_series_is_rebased_once_a_month")
                .col("series_id")
                .col("organisation_id")
                .col("month"),
        )
        .to_owned()
}
