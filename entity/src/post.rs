//! A General Practice Assistant in post. Where, and with how many hours, stands in
//! `post_place`.

use sea_orm::entity::prelude::*;

use crate::role_model::RoleModel;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Says nothing of the person; the same person has the same in every post.
    pub person: String,
    /// The person's record as a learner, if there is one.
    pub learner_id: Option<i64>,
    pub employer_id: i64,
    /// Agenda for Change band.
    pub band: Option<i32>,
    pub funding: Funding,
    pub role_model: RoleModel,
    pub started_on: Date,
    /// The first day without it.
    pub ended_on: Option<Date>,
    pub end_reason: Option<EndReason>,
    /// Rises by one with every change, from 1 on.
    pub version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Funding {
    Practice,
    /// The Additional Roles Reimbursement Scheme.
    Arrs,
    TrainingHub,
    Icb,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndReason {
    MovedToAnotherPost,
    LeftTheNhs,
    Retired,
    FundingEnded,
    ContractEnded,
    Other,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
