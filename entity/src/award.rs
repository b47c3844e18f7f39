//! What a learner was awarded.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// One award for each enrolment.
    #[sea_orm(unique)]
    pub enrolment_id: i64,
    pub title: String,
    pub level: i32,
    /// 10 or 20.
    pub credits: i32,
    /// Who awarded it.
    pub body: String,
    pub awarded_on: Date,
    pub audit_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
