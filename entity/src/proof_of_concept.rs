//! A place of the proof of concept, with the role model that it tried.

use sea_orm::entity::prelude::*;

use crate::role_model::RoleModel;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proof_of_concept")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub code: String,
    pub place: String,
    pub role_model: RoleModel,
    /// What the role did there, in words.
    pub duties: String,
    pub first_year: i32,
    pub last_year: i32,
    pub source: String,
    /// The ODS codes of the regions that the place lies in, apart by spaces.
    pub regions: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
