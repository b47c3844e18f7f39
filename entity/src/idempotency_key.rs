//! Which creating command was already done, so that its answer can be given again.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// Issuer and subject of the caller: keys of different callers never meet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub caller: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The command's name, such as `registerWebhook`; empty of what was done before names
    /// were kept.
    pub command: String,
    /// SHA-256 of the command's name and input, in hexadecimal.
    pub request_digest: String,
    /// The row that the command made.
    pub outcome_id: i64,
    /// What the command answered, as JSON, where a row's id does not tell all of it.
    pub answer: Option<String>,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
