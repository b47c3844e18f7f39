//! An intake of learners: whose it is, which framework they follow, and how many places
//! are commissioned.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cohort")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub training_hub_id: i64,
    /// Who verifies and awards.
    pub provider_id: Option<i64>,
    pub framework_id: i64,
    pub name: String,
    pub kind: CohortKind,
    pub places: i32,
    pub starts_on: Date,
    /// When its learners should be through: 9 months after the start unless said otherwise.
    pub ends_on: Date,
    /// From this day on nobody can apply.
    pub closed_on: Option<Date>,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CohortKind {
    /// All start together.
    Fixed,
    /// Learners start on the first of any month.
    Rolling,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
