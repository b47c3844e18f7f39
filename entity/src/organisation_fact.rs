//! What was true of an organisation from a date on: a fact holds until the next
//! one of the same kind, so facts can neither overlap nor leave a gap.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub fact: Fact,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fact {
    Name,
    /// One of [`Status`], in its own spelling.
    Status,
    /// The ODS prescribing setting of a site; 4 is a GP practice.
    PrescribingSetting,
    Postcode,
    /// One of [`Tier`], in its own spelling.
    Tier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Proposed,
    Active,
    Dormant,
    Closed,
}

/// How far a training hub's work reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tier {
    Lead,
    System,
    Locality,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
