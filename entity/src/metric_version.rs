//! A metric's definition, as versioned data: immutable once it is published.
//!
//! Versions of one code that share a major number are comparable and make one series,
//! named by the id of the first of them; another major number begins a new series.

use sea_orm::entity::prelude::*;

use crate::organisation::Kind as OrganisationKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "metric_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub code: String,
    /// Rises where figures are no longer comparable.
    pub major: i32,
    /// Rises where the definition was extended.
    pub minor: i32,
    /// Rises where the wording alone changed.
    pub patch: i32,
    pub series_id: i64,
    pub state: State,
    pub title: String,
    pub description: String,
    pub unit: Unit,
    pub kind: Kind,
    pub direction: Direction,
    pub aggregation: Aggregation,
    /// The kind of organisation that the metric is observed of.
    pub subject_level: OrganisationKind,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    pub disclosure: Disclosure,
    /// How many decimals a value is shown with, 0 to 6.
    pub decimals: i32,
    /// The range of what can be observed, both ends included, in millionths.
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// How it is worked out from other records; none for a metric that is reported.
    pub derivation: Option<String>,
    pub sources: String,
    /// The first day of the first month that this version speaks of.
    pub effective_from: Date,
    /// Why the series breaks here; for a new major number.
    pub break_note: Option<String>,
    /// Rises by one with every change of a draft.
    pub row_version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Draft,
    Published,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Unit {
    Count,
    Fte,
    Percent,
    #[sea_orm(string_value = "RATE_PER_10K")]
    RatePer10K,
    Minutes,
    Hours,
    Days,
    Pence,
    Score,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// How much there is at the end of a period.
    Stock,
    /// How much came about within a period.
    Flow,
    Ratio,
    Duration,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    Increase,
    Decrease,
    Neutral,
}

/// How figures of organisations make the figure of what holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Aggregation {
    Sum,
    /// Counted again at each level from the records, never added.
    DistinctCount,
    RatioOfSums,
    WeightedMean,
    MedianOfRecords,
}

/// How much a figure may give away: D0 nothing about people, D1 public workforce
/// counts, D2 learners' process and outcome, D3 persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Disclosure {
    #[sea_orm(string_value = "D0")]
    D0,
    #[sea_orm(string_value = "D1")]
    D1,
    #[sea_orm(string_value = "D2")]
    D2,
    #[sea_orm(string_value = "D3")]
    D3,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
