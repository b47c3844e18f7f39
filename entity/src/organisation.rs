//! Anything with a code, a name and dates: from the programme body to a GP practice.
//! What can change over time stands in `organisation_fact` and `organisation_code`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub kind: Kind,
    pub source: Source,
    /// The legal opening, which may lie before the programme knew of it.
    pub opened_on: Date,
    /// The legal closure: the first day on which it is no longer open.
    pub closed_on: Option<Date>,
    /// Rises by one with every change to the organisation or its memberships.
    pub version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    Programme,
    Region,
    Icb,
    SubIcb,
    Pcn,
    TrainingHub,
    Site,
    Provider,
}

/// Where a row comes from, and so who may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// Facts shipped with the program, each with its publisher.
    Reference,
    /// The NHS Organisation Data Service's register.
    Ods,
    /// Recorded by a person through the API.
    Manual,
    /// Invented, to show what the program does.
    Demonstration,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
