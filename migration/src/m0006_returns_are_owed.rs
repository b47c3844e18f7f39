//! Who owes which figures by when, the returns that bring them with their answers, and
//! the rules that figures are judged by. Answers that were submitted stand still: the
//! database itself refuses to change them until the return is sent back.

use entity::{
    monthly_return,
    organisation::Kind,
    return_value,
    validation_rule::{self, Severity},
};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ActiveEnum, DatabaseBackend, Iterable},
};

use crate::{
    constraints::{id, month, one_of, organisation, refers, version},
    m0003_every_write_is_recorded::text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [schedules(), returns(), values(), rules()] {
            manager.create_table(table).await?;
        }
        let mut by_month = Index::create();
        by_month.name("return_by_month").table("monthly_return").col("month").col("state");
        manager.create_index(by_month).await?;
        let mut by_organisation = Index::create();
        by_organisation.name("return_by_organisation").table("monthly_return");
        manager.create_index(by_organisation.col("organisation_id").to_owned()).await?;
        settled_answers_stay(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["validation_rule", "return_value", "monthly_return", "return_schedule"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            let function = "DROP FUNCTION refuse_to_change_answers";
            manager.get_connection().execute_unprepared(function).await?;
        }
        Ok(())
    }
}

fn schedules() -> TableCreateStatement {
    let mut within = ForeignKey::create().from_col("within_id").to("organisation", "id").to_owned();
    let ordered =
        Expr::col("last_month").is_null().or(Expr::col("last_month").gte(Expr::col("first_month")));
    Table::create()
        .table("return_schedule")
        .col(id())
        .col(text("title"))
        .col(text("metrics"))
        .col(one_of::<Kind>("owed_by"))
        .col(ColumnDef::new("within_id").big_integer())
        .foreign_key(&mut within)
        .col(month("first_month"))
        .col(ColumnDef::new("last_month").integer().check(ordered))
        .col(
            ColumnDef::new("due_days")
                .integer()
                .not_null()
                .check(Expr::col("due_days").between(0, 365)),
        )
        .col(version())
        .to_owned()
}

fn returns() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("monthly_return").col(id());
    refers(&mut table, "schedule_id", "return_schedule");
    organisation(&mut table, "organisation_id");
    let at = |column| ColumnDef::new(column).timestamp_with_time_zone().to_owned();
    let word = |column| ColumnDef::new(column).text().to_owned();
    table
        .col(month("month"))
        .col(one_of::<monthly_return::State>("state"))
        .col(version())
        .col(at("first_submitted_at"))
        .col(at("submitted_at"))
        .col(word("submitted_issuer"))
        .col(word("submitted_subject"))
        .col(at("decided_at"))
        .col(word("decided_issuer"))
        .col(word("decided_subject"))
        .col(word("reason"))
        .col(word("note"))
        .index(
            Index::create()
                .unique()
                .name("a_month_is_returned_once")
                .col("schedule_id")
                .col("organisation_id")
                .col("month"),
        )
        .to_owned()
}

fn values() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("return_value");
    refers(&mut table, "return_id", "monthly_return");
    refers(&mut table, "version_id", "metric_version");
    let spellings: Vec<String> = return_value::State::iter().map(|each| each.to_value()).collect();
    let says = |column| {
        let says = Expr::col("state").eq("VALUE").or(Expr::col(column).is_null());
        ColumnDef::new(column).big_integer().check(says).to_owned()
    };
    table
        .col(text("metric"))
        .col(ColumnDef::new("revision").integer().not_null().check(Expr::col("revision").gte(1)))
        .col(ColumnDef::new("state").text().check(Expr::col("state").is_in(spellings)))
        .col(says("value"))
        .col(says("numerator"))
        .col(says("denominator"))
        .col(ColumnDef::new("explanation").text())
        .primary_key(Index::create().col("return_id").col("metric").col("revision"))
        .to_owned()
}

fn rules() -> TableCreateStatement {
    Table::create()
        .table("validation_rule")
        .col(id())
        .col(text("metric"))
        .col(one_of::<validation_rule::Kind>("kind"))
        .col(one_of::<Severity>("severity"))
        .col(ColumnDef::new("minimum").big_integer())
        .col(ColumnDef::new("maximum").big_integer())
        .col(ColumnDef::new("months").integer())
        .col(text("message"))
        .col(ColumnDef::new("enabled").boolean().not_null())
        .col(version())
        .index(
            Index::create()
                .unique()
                .name("a_rule_is_set_once")
                .col("metric")
                .col("kind")
                .col("severity"),
        )
        .to_owned()
}

/// Refuses to change or remove answers of a return that is not being filled in.
async fn settled_answers_stay(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    const SETTLED: &str = "EXISTS (SELECT 1 FROM monthly_return WHERE id = OLD.return_id \
                           AND state NOT IN ('DRAFT', 'RETURNED'))";
    let connection = manager.get_connection();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let function = format!(
            "CREATE FUNCTION refuse_to_change_answers() RETURNS trigger AS $$ BEGIN \
             IF {SETTLED} THEN RAISE EXCEPTION 'answers that were submitted stay'; END IF; \
             IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        );
        connection.execute_unprepared(&function).await?;
        let trigger = "CREATE TRIGGER settled_answers_stay BEFORE UPDATE OR DELETE ON return_value \
                       FOR EACH ROW EXECUTE FUNCTION refuse_to_change_answers()";
        connection.execute_unprepared(trigger).await?;
        return Ok(());
    }
    for event in ["UPDATE", "DELETE"] {
        let trigger = format!(
            "CREATE TRIGGER settled_answers_have_no_{event} BEFORE {event} ON return_value \
             WHEN {SETTLED} BEGIN SELECT RAISE(ABORT, 'answers that were submitted stay'); END"
        );
        connection.execute_unprepared(&trigger).await?;
    }
    Ok(())
}
