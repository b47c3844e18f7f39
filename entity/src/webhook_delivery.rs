//! The delivery log: every try to tell a webhook something, and what came of it.

use sea_orm::entity::prelude::*;

use crate::change::ChangeType;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub webhook_id: i64,
    pub at: DateTimeUtc,
    /// What the receiver knows the message by, the same whenever it is sent again.
    pub message_id: String,
    /// Which change it told of, and as what; none for a test.
    pub position: Option<i64>,
    pub change_type: Option<ChangeType>,
    /// The receiver's answer; none where there was none.
    pub status_code: Option<i32>,
    /// Why it did not arrive; none where it did.
    pub failure: Option<String>,
    pub milliseconds: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
