//! The machine clients of third parties: who they are, and whether they still may come.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// What it is called in tokens, `client:` before it; given once and for ever.
    pub code: String,
    pub name: String,
    /// Whom to write to about it.
    pub contact: String,
    pub registered_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    /// The command that changed it last, its keys, secrets and grants included: the highest
    /// of all clients says how far they have come.
    pub audit_id: i64,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
