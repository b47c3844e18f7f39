//! Whom an observation of a distinct count counted, so that the count can be made
//! again at every level above. A reference that means nothing outside its source.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counted_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub observation_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
