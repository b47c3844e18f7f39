//! How often a caller's requests used a field or an argument of the schema on a day.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "field_use")]
pub struct Model {
    /// `client:` and its id, `issuer:` and its name, or `public`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub caller: String,
    /// Such as `Site.name`, or `Query.sites(first:)`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub coordinate: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    pub requests: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
