//! Who supports or verifies a learner, and from when to when.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mentor_assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub enrolment_id: i64,
    pub kind: MentorKind,
    /// The issuer and the subject of that person's tokens.
    pub issuer: String,
    pub subject: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub audit_id: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MentorKind {
    GpMentor,
    SecondaryMentor,
    ExternalVerifier,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
