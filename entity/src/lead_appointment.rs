//! Which training hub led the programme in a region, in `[valid_from, valid_to)`.
//! The database refuses two for one region that overlap.

use sea_orm::entity::prelude::*;

use crate::organisation::Source;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_appointment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub region_id: i64,
    pub training_hub_id: i64,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub source: Source,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
