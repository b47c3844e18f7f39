//! A published claim about the role, with where it comes from and how far to trust it.

use sea_orm::entity::prelude::*;

use crate::metric_version::Unit;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub code: String,
    /// The codes of the metrics that it speaks of, apart by spaces.
    pub metrics: String,
    pub claim: String,
    /// What changed by how much, in millionths of the unit; a fall is negative.
    pub change: Option<i64>,
    pub unit: Option<Unit>,
    pub source: String,
    pub year: Option<i32>,
    /// How it was found out, as far as that is told.
    pub design: String,
    /// Where it was found out, as far as that is told.
    pub sites: Option<String>,
    pub grade: Grade,
}

/// How sure it is that the role brings about what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Grade {
    VeryLow,
    Low,
    Moderate,
    High,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
