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
    /// The cost that it may spend in a minute; none where that is as for everybody.
    pub cost_per_minute: Option<i32>,
    pub documents: Documents,
    /// The position of the feed from which on it is granted what it now is; 0 where that is
    /// as it was registered.
    pub granted_from: i64,
    /// The command that changed it last, its keys, secrets and grants included: the highest
    /// of all clients says how far they have come.
    pub audit_id: i64,
    pub version: i32,
}

/// Which documents a client may send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Documents {
    #[default]
    #[sea_orm(string_value = "ANY")]
    Any,
    /// Any, and what is not registered is listed.
    #[sea_orm(string_value = "REPORT")]
    Report,
    #[sea_orm(string_value = "REGISTERED")]
    Registered,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
