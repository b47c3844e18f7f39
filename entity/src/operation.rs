//! Operations that were registered, and can be asked for by their digest or their name.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Whose; none where everybody may ask for it.
    pub client_id: Option<i64>,
    pub name: String,
    /// Of the document as it was sent, in hexadecimal; one owner has each once while it
    /// is not retired.
    pub sha256: String,
    pub document: String,
    pub registered_at: DateTimeUtc,
    pub retired_at: Option<DateTimeUtc>,
    /// The command that changed it last: the highest of all says how far they have come.
    pub audit_id: i64,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
