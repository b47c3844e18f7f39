//! How far a learner is with one competency: append-only, the newest revision holds.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub enrolment_id: i64,
    pub competency_id: i64,
    /// From 1 on, without a gap.
    pub revision: i32,
    pub state: AssessmentState,
    /// How often evidence was submitted so far.
    pub attempt: i32,
    pub assessed_on: Date,
    /// The issuer and the subject of the token of whoever said so.
    pub issuer: String,
    pub subject: String,
    pub audit_id: i64,
    pub at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssessmentState {
    NotStarted,
    InProgress,
    EvidenceSubmitted,
    ReferredBack,
    Competent,
    NotApplicable,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
