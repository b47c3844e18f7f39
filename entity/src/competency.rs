//! One competency of a version of the framework: what somebody can do who has it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "competency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub framework_id: i64,
    pub domain_id: i64,
    /// Names the same competency in every version.
    pub code: String,
    pub title: String,
    pub description: String,
    /// Whether everybody needs it to complete.
    pub core: bool,
    pub clinical: bool,
    /// Within its domain, from 1 on.
    pub position: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
