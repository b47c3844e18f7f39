//! One revision of one value: of a metric, for an organisation, in a month. Rows are
//! only ever added; the highest revision is what holds, and what was known at an
//! earlier moment is the highest that was recorded by then.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "observation")]
pub struct Model {
    /// Rises in the order of commits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The series: the first of the comparable versions of the metric.
    pub series_id: i64,
    /// The version of the definition that it was recorded under.
    pub version_id: i64,
    pub organisation_id: i64,
    /// Year and month as one number, such as 202511.
    pub month: i32,
    /// From 1 on.
    pub revision: i32,
    pub state: State,
    /// In millionths, as are numerator and denominator, so that sums are exact.
    pub value: Option<i64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub status: Status,
    pub source: Source,
    pub recorded_at: DateTimeUtc,
    pub audit_id: i64,
    /// The return or the import that brought it.
    pub return_id: Option<i64>,
    pub import_id: Option<i64>,
    /// Why it is as it is: the explanation of what looked wrong, or of a restatement.
    pub note: Option<String>,
}

/// What was said. That nothing was said is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Value,
    /// There was nothing to count: an answer, and it counts as 0.
    Nil,
    /// The question does not arise for this organisation.
    NotApplicable,
    /// What was said before is taken back: nothing is said.
    Withdrawn,
}

/// How settled a value is, the least settled first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Provisional,
    Approved,
    Restated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    Return,
    Import,
    /// Worked out from other records.
    Derived,
    /// Recorded one by one through the API.
    Recorded,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
