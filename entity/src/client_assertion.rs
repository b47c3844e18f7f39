//! The assertions that machine clients have spent: each is good once, on every instance.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "client_assertion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: i64,
    /// SHA-256 of the claim `jti`, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub jti_digest: String,
    /// When the assertion would be refused for its age, and the row can go.
    pub expires_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
