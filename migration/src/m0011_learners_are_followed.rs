//! Cohorts, learners and their enrolments, with all that happens to these: append-only
//! where it is said of somebody's progress. Who a learner is stands in a table of its own.

use entity::{
    assessment::AssessmentState,
    cohort::CohortKind,
    employment_report::EmploymentStatus,
    enrolment::{self, ExitReason, Route},
    extension::{Decision, ExtensionReason},
    mentor_assignment::MentorKind,
};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ActiveEnum, Iterable},
};

use crate::{
    constraints::{id, interval, one_of, organisation, refers, version},
    m0003_every_write_is_recorded::{at, audited, text},
    m0010_sites_take_part::{day, index},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 11] = [
    "cohort",
    "learner",
    "learner_identifier",
    "learner_details",
    "enrolment",
    "enrolment_event",
    "extension",
    "mentor_assignment",
    "assessment",
    "employment_report",
    "award",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            cohorts(),
            learners(),
            identifiers(),
            details(),
            enrolments(),
            events(),
            extensions(),
            mentors(),
            assessments(),
            employment(),
            awards(),
        ] {
            manager.create_table(table).await?;
        }
        for (table, column) in [
            ("cohort", "training_hub_id"),
            ("learner_identifier", "learner_id"),
            ("enrolment", "learner_id"),
            ("enrolment", "cohort_id"),
            ("enrolment", "site_id"),
            ("enrolment_event", "enrolment_id"),
            ("extension", "enrolment_id"),
            ("mentor_assignment", "enrolment_id"),
            ("employment_report", "enrolment_id"),
        ] {
            index(manager, table, column).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.into_iter().rev() {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// A text of a closed set, or nothing.
pub(crate) fn perhaps<E: ActiveEnum<Value = String> + Iterable>(column: &'static str) -> ColumnDef {
    let spellings: Vec<String> = E::iter().map(|each| each.to_value()).collect();
    let known = Expr::col(column).is_null().or(Expr::col(column).is_in(spellings));
    ColumnDef::new(column).text().check(known).to_owned()
}

fn whole(column: &'static str, least: i32, most: i32) -> ColumnDef {
    let range = Expr::col(column).between(least, most);
    ColumnDef::new(column).integer().not_null().check(range).to_owned()
}

fn maybe(column: &'static str) -> ColumnDef {
    ColumnDef::new(column).text().to_owned()
}

fn cohorts() -> TableCreateStatement {
    let mut table = Table::create();
    let mut provider =
        ForeignKey::create().from_col("provider_id").to("organisation", "id").to_owned();
    table.table("cohort").col(id());
    organisation(&mut table, "training_hub_id");
    table.col(ColumnDef::new("provider_id").big_integer()).foreign_key(&mut provider);
    refers(&mut table, "framework_id", "competency_framework");
    table
        .col(text("name"))
        .col(one_of::<CohortKind>("kind"))
        .col(whole("places", 1, 10_000))
        .col(day("starts_on"))
        .col(day("ends_on").check(Expr::col("ends_on").gt(Expr::col("starts_on"))).to_owned())
        .col(ColumnDef::new("closed_on").date())
        .col(version())
        .to_owned()
}

fn learners() -> TableCreateStatement {
    let mut into = ForeignKey::create().from_col("merged_into_id").to("learner", "id").to_owned();
    let other =
        Expr::col("merged_into_id").is_null().or(Expr::col("merged_into_id").ne(Expr::col("id")));
    Table::create()
        .table("learner")
        .col(id())
        .col(text("reference").unique_key())
        .col(ColumnDef::new("merged_into_id").big_integer().check(other))
        .foreign_key(&mut into)
        .col(version())
        .to_owned()
}

fn identifiers() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("learner_identifier").col(text("system")).col(text("value"));
    refers(&mut table, "learner_id", "learner");
    table.primary_key(Index::create().col("system").col("value")).to_owned()
}

fn details() -> TableCreateStatement {
    let mut learner = ForeignKey::create().from_col("learner_id").to("learner", "id").to_owned();
    Table::create()
        .table("learner_details")
        .col(ColumnDef::new("learner_id").big_integer().not_null().primary_key())
        .foreign_key(&mut learner)
        .col(text("name"))
        .col(maybe("email"))
        .col(maybe("telephone"))
        .to_owned()
}

fn enrolments() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("enrolment").col(id());
    refers(&mut table, "learner_id", "learner");
    refers(&mut table, "cohort_id", "cohort");
    organisation(&mut table, "site_id");
    refers(&mut table, "framework_id", "competency_framework");
    table
        .col(one_of::<Route>("route"))
        .col(one_of::<enrolment::State>("state"))
        .col(ColumnDef::new("due_on").date())
        .col(perhaps::<ExitReason>("exit_reason"))
        .col(version())
        .to_owned()
}

fn events() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("enrolment_event").col(id());
    refers(&mut table, "enrolment_id", "enrolment");
    table.col(one_of::<enrolment::State>("state"));
    organisation(&mut table, "site_id");
    table.col(day("occurred_on"));
    audited(&mut table).col(at()).to_owned()
}

fn extensions() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("extension").col(id());
    refers(&mut table, "enrolment_id", "enrolment");
    table
        .col(whole("months", 1, 3))
        .col(one_of::<ExtensionReason>("reason"))
        .col(day("requested_on"))
        .col(text("requested_issuer"))
        .col(text("requested_subject"))
        .col(perhaps::<Decision>("decision"))
        .col(ColumnDef::new("decided_on").date())
        .col(maybe("decided_issuer"))
        .col(maybe("decided_subject"))
        .col(version())
        .to_owned()
}

fn mentors() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("mentor_assignment").col(id());
    refers(&mut table, "enrolment_id", "enrolment");
    table.col(one_of::<MentorKind>("kind")).col(text("issuer")).col(text("subject"));
    audited(interval(&mut table)).to_owned()
}

fn assessments() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("assessment").col(id());
    refers(&mut table, "enrolment_id", "enrolment");
    refers(&mut table, "competency_id", "competency");
    table
        .col(whole("revision", 1, i32::MAX))
        .col(one_of::<AssessmentState>("state"))
        .col(whole("attempt", 0, i32::MAX))
        .col(day("assessed_on"))
        .col(text("issuer"))
        .col(text("subject"));
    audited(&mut table)
        .col(at())
        .index(
            Index::create()
                .unique()
                .name("an_assessment_is_revised_once_at_a_time")
                .col("enrolment_id")
                .col("competency_id")
                .col("revision"),
        )
        .to_owned()
}

fn employment() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("employment_report").col(id());
    refers(&mut table, "enrolment_id", "enrolment");
    table.col(one_of::<EmploymentStatus>("status")).col(day("as_of"));
    audited(&mut table).col(at()).to_owned()
}

fn awards() -> TableCreateStatement {
    let mut table = Table::create();
    let mut enrolment =
        ForeignKey::create().from_col("enrolment_id").to("enrolment", "id").to_owned();
    let credits = Expr::col("credits").is_in([10, 20]);
    table
        .table("award")
        .col(id())
        .col(ColumnDef::new("enrolment_id").big_integer().not_null().unique_key())
        .foreign_key(&mut enrolment)
        .col(text("title"))
        .col(whole("level", 1, 8))
        .col(ColumnDef::new("credits").integer().not_null().check(credits))
        .col(text("body"))
        .col(day("awarded_on"));
    audited(&mut table).to_owned()
}
