//! What happened to an enrolment, and when: its states and transfers, one after another.

use sea_orm::entity::prelude::*;

use crate::enrolment::State;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub enrolment_id: i64,
    /// The state from that day on; a transfer leaves it as it was.
    pub state: State,
    /// The site from that day on.
    pub site_id: i64,
    pub occurred_on: Date,
    pub audit_id: i64,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
