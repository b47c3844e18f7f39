//! What the programme teaches and what for, as versions that are published; what was
//! claimed of the role, and where it was first tried. What a published version holds
//! stands still: the database itself refuses to change it.

use entity::{duty, evidence::Grade, job_description::State, metric_version::Unit, role_model};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ActiveEnum, DatabaseBackend, Iterable},
};

use crate::{
    constraints::{one_of, refers},
    m0003_every_write_is_recorded::{text, widen_changes},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Each stands after those that it refers to.
const TABLES: [&str; 8] = [
    "job_description",
    "duty",
    "competency_framework",
    "competency_domain",
    "competency",
    "competency_duty",
    "evidence",
    "proof_of_concept",
];

/// What a version holds, the version's table, and the column that names it.
const PARTS: [(&str, &str, &str); 3] = [
    ("duty", "job_description", "job_description_id"),
    ("competency_domain", "competency_framework", "framework_id"),
    ("competency", "competency_framework", "framework_id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            job_descriptions(),
            duties(),
            frameworks(),
            domains(),
            competencies(),
            competency_duties(),
            evidence(),
            proofs_of_concept(),
        ] {
            manager.create_table(table).await?;
        }
        for (part, whole, key) in PARTS {
            published_parts_stay(manager, part, whole, key).await?;
        }
        widen_changes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            for (part, _, _) in PARTS {
                let function = format!("DROP FUNCTION refuse_to_change_a_{part}");
                manager.get_connection().execute_unprepared(&function).await?;
            }
        }
        Ok(())
    }
}

/// A table whose rows have an id of ours.
fn with_id(name: &'static str) -> TableCreateStatement {
    let id = ColumnDef::new("id").big_integer().not_null().primary_key().to_owned();
    Table::create().table(name).col(id).to_owned()
}

fn number(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).integer().not_null().to_owned()
}

fn counted(column: &'static str) -> ColumnDef {
    number(column).check(Expr::col(column).gte(1)).to_owned()
}

fn unique(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.unique().name(name);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A draft has no day of its publication, and only what is retired has one of that.
fn version(table: &mut TableCreateStatement, rule: &'static str) {
    table
        .col(number("major"))
        .col(number("minor"))
        .col(number("patch"))
        .col(one_of::<State>("state"))
        .col(text("title"))
        .col(text("description"))
        .col(text("source"))
        .col(ColumnDef::new("published_on").date())
        .col(ColumnDef::new("retired_on").date())
        .col(counted("row_version"))
        .check(Expr::cust("(state = 'DRAFT') = (published_on IS NULL)"))
        .check(Expr::cust("(state = 'RETIRED') = (retired_on IS NOT NULL)"))
        .index(&mut unique(rule, &["major", "minor", "patch"]));
}

fn job_descriptions() -> TableCreateStatement {
    let mut table = with_id("job_description");
    version(&mut table, "a_job_description_is_written_once");
    table
}

fn duties() -> TableCreateStatement {
    let mut table = with_id("duty");
    refers(&mut table, "job_description_id", "job_description");
    table
        .col(text("code"))
        .col(text("title"))
        .col(text("description"))
        .col(one_of::<duty::Kind>("kind"))
        .col(counted("position"))
        .index(&mut unique("a_duty_is_named_once", &["job_description_id", "code"]))
        .to_owned()
}

fn frameworks() -> TableCreateStatement {
    let mut table = with_id("competency_framework");
    refers(&mut table, "job_description_id", "job_description");
    version(&mut table, "a_framework_is_written_once");
    table
}

fn domains() -> TableCreateStatement {
    let mut table = with_id("competency_domain");
    refers(&mut table, "framework_id", "competency_framework");
    table
        .col(text("code"))
        .col(text("title"))
        .col(counted("position"))
        .index(&mut unique("a_domain_is_named_once", &["framework_id", "code"]))
        .to_owned()
}

fn competencies() -> TableCreateStatement {
    let mut table = with_id("competency");
    refers(&mut table, "framework_id", "competency_framework");
    refers(&mut table, "domain_id", "competency_domain");
    table
        .col(text("code"))
        .col(text("title"))
        .col(text("description"))
        .col(ColumnDef::new("core").boolean().not_null())
        .col(ColumnDef::new("clinical").boolean().not_null())
        .col(counted("position"))
        .index(&mut unique("a_competency_is_named_once", &["framework_id", "code"]))
        .to_owned()
}

fn competency_duties() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("competency_duty");
    refers(&mut table, "competency_id", "competency");
    refers(&mut table, "duty_id", "duty");
    table.primary_key(Index::create().col("competency_id").col("duty_id")).to_owned()
}

fn evidence() -> TableCreateStatement {
    let spellings: Vec<String> = Unit::iter().map(|unit| unit.to_value()).collect();
    let known = Expr::col("unit").is_null().or(Expr::col("unit").is_in(spellings));
    with_id("evidence")
        .col(text("code").unique_key())
        .col(text("metrics"))
        .col(text("claim"))
        .col(ColumnDef::new("change").big_integer())
        .col(ColumnDef::new("unit").text().check(known))
        .col(text("source"))
        .col(ColumnDef::new("year").integer())
        .col(text("design"))
        .col(ColumnDef::new("sites").text())
        .col(one_of::<Grade>("grade"))
        .check(Expr::cust("(change IS NULL) = (unit IS NULL)"))
        .to_owned()
}

fn proofs_of_concept() -> TableCreateStatement {
    let ordered = Expr::col("last_year").gte(Expr::col("first_year"));
    with_id("proof_of_concept")
        .col(text("code").unique_key())
        .col(text("place"))
        .col(one_of::<role_model::RoleModel>("role_model"))
        .col(text("duties"))
        .col(number("first_year"))
        .col(number("last_year").check(ordered))
        .col(text("source"))
        .col(text("regions"))
        .to_owned()
}

/// Refuses to change or remove what a version holds that is no draft any more.
async fn published_parts_stay(
    manager: &SchemaManager<'_>,
    part: &str,
    whole: &str,
    key: &str,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let settled =
        format!("EXISTS (SELECT 1 FROM {whole} WHERE id = OLD.{key} AND state <> 'DRAFT')");
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let function = format!(
            "CREATE FUNCTION refuse_to_change_a_{part}() RETURNS trigger AS $$ BEGIN \
             IF {settled} THEN RAISE EXCEPTION 'what is published stays'; END IF; \
             IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        );
        connection.execute_unprepared(&function).await?;
        let trigger = format!(
            "CREATE TRIGGER a_published_{part}_stays BEFORE UPDATE OR DELETE ON {part} \
             FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_{part}()"
        );
        connection.execute_unprepared(&trigger).await?;
        return Ok(());
    }
    for event in ["UPDATE", "DELETE"] {
        let trigger = format!(
            "CREATE TRIGGER a_published_{part}_has_no_{event} BEFORE {event} ON {part} \
             WHEN {settled} BEGIN SELECT RAISE(ABORT, 'what is published stays'); END"
        );
        connection.execute_unprepared(&trigger).await?;
    }
    Ok(())
}
