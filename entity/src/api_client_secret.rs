//! The secrets of machine clients, as hashes; of each client, two at most are good.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_client_secret")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub client_id: i64,
    /// The part of the secret that is none, by which it is found.
    pub hint: String,
    /// Argon2id, with its parameters and its salt.
    pub hash: String,
    pub created_at: DateTimeUtc,
    /// From when on it is refused; none while it is the client's newest.
    pub expires_at: Option<DateTimeUtc>,
    pub audit_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
