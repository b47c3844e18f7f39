//! Who did what, and when: one row for every command that wrote, and for every
//! reading of what is about persons.

use sea_orm::entity::prelude::*;

use crate::change::NodeType;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: DateTimeUtc,
    pub request_id: String,
    /// The token's issuer and subject.
    pub issuer: String,
    pub subject: String,
    pub role: String,
    /// The organisation that the actor acted for, if it is one of the register's.
    pub actor_organisation_id: Option<i64>,
    pub action: String,
    /// What was acted on; none when the command touched the whole register.
    pub organisation_id: Option<i64>,
    /// Which record of the organisation it was about, where that is known.
    pub node_type: Option<NodeType>,
    pub node_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
