//! Imports of figures, and what each row of their files would do.

use entity::{
    import_row::Outcome,
    import_run::{Format, State},
    observation::Status,
};
use sea_orm_migration::prelude::*;

use crate::{
    constraints::one_of,
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
        manager.create_table(imports()).await?;
        manager.create_table(rows()).await?;
        // A preview is read by what is wrong with it; a million rows that are right need
        // no place in an index of that.
        let with_findings = "CREATE INDEX import_row_with_findings \
                             ON import_row (import_id, outcome, number) \
                             WHERE findings IS NOT NULL";
        manager.get_connection().execute_unprepared(with_findings).await?;
        let mut by_organisation = Index::create();
        by_organisation.name("import_run_by_organisation").table("import_run");
        manager.create_index(by_organisation.col("organisation_id").col("id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["import_row", "import_run"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn number(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().to_owned()
}

fn moment(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).timestamp_with_time_zone().to_owned()
}

fn imports() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("import_run")
        .col(number("id").primary_key())
        .col(one_of::<Format>("format"))
        .col(text("file_name"))
        .col(text("sha256"))
        .col(one_of::<State>("state"))
        .col(one_of::<Status>("wanted_status"))
        .col(number("organisation_id"))
        .col(text("started_by"))
        .col(moment("started_at").not_null())
        .col(moment("progressed_at").not_null())
        .col(moment("committed_at"))
        .col(moment("undone_at"));
    for count in COUNTS {
        table.col(number(count).check(Expr::col(count).gte(0)));
    }
    table
        .col(ColumnDef::new("headings").text())
        .col(ColumnDef::new("failure").text())
        .col(ColumnDef::new("openings").text());
    audited(&mut table).col(ColumnDef::new("version").integer().not_null()).to_owned()
}

const COUNTS: [&str; 8] = [
    "lines_read",
    "lines_total",
    "creates",
    "changes",
    "sames",
    "conflicts",
    "refusals",
    "skipped",
];

/// Rows are written by the million, and nothing refers to them: they name what they are
/// about without foreign keys, which would cost more than the rows.
fn rows() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("import_row")
        .col(number("import_id"))
        .col(number("number"))
        .col(number("line"))
        .col(one_of::<Outcome>("outcome"));
    for column in ["organisation_id", "version_id", "value", "numerator", "denominator"] {
        table.col(ColumnDef::new(column).big_integer());
    }
    for column in ["organisation", "metric", "state", "explanation", "persons", "findings", "raw"] {
        table.col(ColumnDef::new(column).text());
    }
    table
        .col(ColumnDef::new("month").integer())
        .col(ColumnDef::new("before_id").big_integer())
        .primary_key(Index::create().col("import_id").col("number"))
        .to_owned()
}
