//! Where an organisation sat in every scheme, in `[valid_from, valid_to)`; derived
//! from the memberships above it, in the transaction that changes one of them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "placement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub pcn_id: Option<i64>,
    pub sub_icb_id: Option<i64>,
    pub icb_id: Option<i64>,
    pub region_id: Option<i64>,
    pub training_hub_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
