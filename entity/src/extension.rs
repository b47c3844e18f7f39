//! More time for an enrolment: asked for, and decided by somebody else.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "extension")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub enrolment_id: i64,
    /// From 1 to 3; all that are granted to one enrolment are 3 at most.
    pub months: i32,
    pub reason: ExtensionReason,
    pub requested_on: Date,
    pub requested_issuer: String,
    pub requested_subject: String,
    pub decision: Option<Decision>,
    pub decided_on: Option<Date>,
    pub decided_issuer: Option<String>,
    pub decided_subject: Option<String>,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

/// Coded, so that nothing is written of anybody's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExtensionReason {
    Absence,
    Workload,
    MentorUnavailable,
    EvidenceOutstanding,
    SiteChange,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    Granted,
    Refused,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
