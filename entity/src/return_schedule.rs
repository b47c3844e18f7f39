//! Which organisations owe which figures, month after month, and by when.

use sea_orm::entity::prelude::*;

use crate::organisation::Kind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "return_schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub title: String,
    /// The codes of the metrics, in the order of the form, as a JSON list.
    pub metrics: String,
    /// The kind of organisation that owes.
    pub owed_by: Kind,
    /// Only those that lie within this organisation at the month's end.
    pub within_id: Option<i64>,
    pub first_month: i32,
    /// Open where there is none.
    pub last_month: Option<i32>,
    /// How many days after the month's last one the return is due.
    pub due_days: i32,
    /// Rises by one with every change.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
