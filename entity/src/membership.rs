//! "This organisation belongs to that one", in one scheme, in `[valid_from, valid_to)`.
//! The database refuses two of one child, scheme and level that overlap.

use sea_orm::entity::prelude::*;

use crate::organisation::{Kind, Source};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub child_id: i64,
    pub parent_id: i64,
    pub scheme: Scheme,
    /// The parent's kind: a child has one parent of each level at a time.
    pub level: Kind,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scheme {
    Commissioning,
    Training,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
