//! What webhooks are signed with. Signing takes the secret itself, so it cannot be kept as
//! a hash; it is read for signing and for nothing else, and never printed.

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_secret")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub webhook_id: i64,
    /// In the spelling of Standard Webhooks: `whsec_` and the key in base64.
    pub secret: String,
    pub created_at: DateTimeUtc,
    /// From when on nothing is signed with it; none while it is the newest.
    pub expires_at: Option<DateTimeUtc>,
    pub audit_id: i64,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret {} of webhook {}", self.id, self.webhook_id)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
