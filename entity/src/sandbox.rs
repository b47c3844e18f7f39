//! The one row of a sandbox; no other database has any.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sandbox")]
pub struct Model {
    /// Always `sandbox`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// By how many microseconds its clock is ahead of the machine's.
    pub ahead: i64,
    /// How often it was reset.
    pub resets: i64,
    /// Up to which position the feed was forgotten with the last reset.
    pub forgotten: i64,
    /// When that was, by the machine's clock.
    pub reset_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
