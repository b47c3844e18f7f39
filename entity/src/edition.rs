//! Which edition of which published file was loaded, and when.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The name of the format, as `gpa import` spells it.
    pub format: String,
    /// The day that the file speaks of.
    pub edition_on: Date,
    pub sha256: String,
    pub rows: i64,
    pub audit_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
