//! A learner's run through the programme: with which cohort, at which site, and how far.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub learner_id: i64,
    pub cohort_id: i64,
    /// Where the learner is now.
    pub site_id: i64,
    /// The version of the framework that it started with, and stays on.
    pub framework_id: i64,
    pub route: Route,
    pub state: State,
    /// 9 months after the start, and later by what was granted; none before the start.
    pub due_on: Option<Date>,
    /// Why it ended before it was completed.
    pub exit_reason: Option<ExitReason>,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Route {
    /// A provider verifies, and awards.
    Accredited,
    /// The training hub itself verifies.
    InHouse,
    /// What was learnt before is recognised.
    Retrospective,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Applied,
    Offered,
    Accepted,
    Started,
    Paused,
    Submitted,
    /// Sent back by whoever verifies.
    Referred,
    Verified,
    Completed,
    Rejected,
    Cancelled,
    Withdrawn,
}

/// Coded, so that nothing is written of anybody's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExitReason {
    NotEligible,
    NoPlace,
    NoMentor,
    SiteWithdrew,
    LeftEmployment,
    ChangedRole,
    Workload,
    Personal,
    NotProgressing,
    Duplicate,
    Other,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
