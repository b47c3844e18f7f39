//! Which duties a competency supports.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "competency_duty")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub competency_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub duty_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
