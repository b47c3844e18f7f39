//! A rule that figures of a metric are judged by, as data: what it looks at, how much it
//! weighs, and what whoever breaks it should do.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "validation_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The metric's code.
    pub metric: String,
    pub kind: Kind,
    pub severity: Severity,
    /// For a range, both ends included, in millionths.
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// For limits: how many earlier months there must be.
    pub months: Option<i32>,
    /// What to do about it.
    pub message: String,
    pub enabled: bool,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The value lies within a range.
    Range,
    /// What is counted is a whole number.
    Integer,
    /// A return says something of the metric.
    Required,
    NumeratorWithinDenominator,
    /// The value lies within the limits that earlier months make.
    BeyondLimits,
}

/// How much a rule weighs, and what it finds: findings are kept in this spelling too.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// What breaks the rule is not taken.
    Error,
    /// What breaks the rule is taken once somebody explains it.
    Warning,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
