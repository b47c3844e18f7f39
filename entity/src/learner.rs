//! A person in training, by an opaque reference: who that is stands in another table.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Says nothing of the person, such as `L-4F7K2M`.
    #[sea_orm(unique)]
    pub reference: String,
    /// The same person's other record, which holds everything from the merger on.
    pub merged_into_id: Option<i64>,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
