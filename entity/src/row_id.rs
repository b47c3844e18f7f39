//! The next id that no row has had (ids are never given twice, not even after a removal),
//! and how far the feed has come for each thing that is held in memory.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "row_id")]
pub struct Model {
    /// Always `register`: the one row of the table.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub next: i64,
    /// The last position of the change feed that changed the register.
    pub register_position: i64,
    /// The last one that changed a definition, a target, a baseline or a rebase.
    pub catalogue_position: i64,
    /// The last one that changed a figure.
    pub figures_position: i64,
    /// The last one that changed a participation, a learner's record or a post.
    pub records_position: i64,
    /// The last day of which the feed has told what it brought.
    pub day: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
