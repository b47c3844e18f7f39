//! Observations, which are only ever added to, whom they counted, and the sums that are
//! kept of them for every place and month.

use entity::{
    observation::{Source, State, Status},
    rollup::Basis,
};
use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::{
    constraints::{month, one_of, organisation, refers},
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
        for table in [observations(), counted_persons(), rollups()] {
            manager.create_table(table).await?;
        }
        let mut by_series = Index::create();
        by_series.name("observation_by_series").table("observation").col("series_id").col("id");
        manager.create_index(by_series).await?;
        only_ever_added(manager, "observation").await?;
        only_ever_added(manager, "counted_person").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["rollup", "counted_person", "observation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            let function = "DROP FUNCTION refuse_to_change";
            manager.get_connection().execute_unprepared(function).await?;
        }
        Ok(())
    }
}

/// A number that says something in state VALUE only.
fn amount(column: &'static str) -> ColumnDef {
    let says = Expr::col("state").eq("VALUE").or(Expr::col(column).is_null());
    ColumnDef::new(column).big_integer().check(says).to_owned()
}

fn observations() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("observation").col(ColumnDef::new("id").big_integer().not_null().primary_key());
    refers(&mut table, "series_id", "metric_version");
    refers(&mut table, "version_id", "metric_version");
    organisation(&mut table, "organisation_id");
    table
        .col(month("month"))
        .col(ColumnDef::new("revision").integer().not_null())
        .col(one_of::<State>("state"))
        .col(
            amount("value")
                .check(Expr::col("state").ne("VALUE").or(Expr::col("value").is_not_null())),
        )
        .col(amount("numerator"))
        .col(amount("denominator"))
        .col(one_of::<Status>("status"))
        .col(one_of::<Source>("source"))
        .col(ColumnDef::new("recorded_at").timestamp_with_time_zone().not_null());
    audited(&mut table)
        .col(ColumnDef::new("return_id").big_integer())
        .col(ColumnDef::new("import_id").big_integer())
        .col(ColumnDef::new("note").text())
        .index(
            Index::create()
                .unique()
                .name("a_revision_is_recorded_once")
                .col("organisation_id")
                .col("series_id")
                .col("month")
                .col("revision"),
        )
        .to_owned()
}

fn counted_persons() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("counted_person");
    refers(&mut table, "observation_id", "observation");
    table
        .col(text("person"))
        .primary_key(Index::create().col("observation_id").col("person"))
        .to_owned()
}

fn rollups() -> TableCreateStatement {
    let mut table = Table::create();
    let count = |column| ColumnDef::new(column).integer().not_null().to_owned();
    let sum = |column| ColumnDef::new(column).big_integer().not_null().to_owned();
    table
        .table("rollup")
        .col(sum("series_id"))
        .col(sum("place_id"))
        .col(month("month"))
        .col(one_of::<Status>("status"))
        .col(one_of::<Basis>("basis"))
        .col(count("reported"))
        .col(count("nil"))
        .col(count("not_applicable"))
        .col(sum("value"))
        .col(sum("numerator"))
        .col(sum("denominator"))
        .col(ColumnDef::new("recorded_at").timestamp_with_time_zone().not_null())
        .primary_key(
            Index::create()
                .col("series_id")
                .col("place_id")
                .col("month")
                .col("status")
                .col("basis"),
        )
        .to_owned()
}

/// Lets rows of a table be added, and neither changed nor taken out.
async fn only_ever_added(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let function = "CREATE OR REPLACE FUNCTION refuse_to_change() RETURNS trigger AS $$ BEGIN \
                        RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$ \
                        LANGUAGE plpgsql";
        connection.execute_unprepared(function).await?;
        let trigger = format!(
            "CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OR DELETE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
        );
        connection.execute_unprepared(&trigger).await?;
        return Ok(());
    }
    for event in ["UPDATE", "DELETE"] {
        let trigger = format!(
            "CREATE TRIGGER {table}_has_no_{event} BEFORE {event} ON {table} BEGIN \
             SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        );
        connection.execute_unprepared(&trigger).await?;
    }
    Ok(())
}
