//! The figures that one organisation owes for one month, and how far their workflow has
//! come. A return that nobody has begun is no row.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "monthly_return")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub schedule_id: i64,
    pub organisation_id: i64,
    /// Year and month as one number, such as 202511.
    pub month: i32,
    pub state: State,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
    /// When it was submitted for the first time, which is what timeliness goes by.
    pub first_submitted_at: Option<DateTimeUtc>,
    /// Who submitted it last, and when.
    pub submitted_at: Option<DateTimeUtc>,
    pub submitted_issuer: Option<String>,
    pub submitted_subject: Option<String>,
    /// Who approved it or sent it back last, and when.
    pub decided_at: Option<DateTimeUtc>,
    pub decided_issuer: Option<String>,
    pub decided_subject: Option<String>,
    /// Why it was sent back the last time.
    pub reason: Option<String>,
    /// What is said in public of its last restatement.
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Draft,
    Submitted,
    Returned,
    Approved,
    Locked,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
