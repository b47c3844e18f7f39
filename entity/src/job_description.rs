//! What a General Practice Assistant does, as versioned data: drafted, published and from
//! then on as it is, and one day taken out of use.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_description")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub major: i32,
    pub minor: i32,
    pub patch: i32,
    pub state: State,
    pub title: String,
    pub description: String,
    /// Who wrote it, and from what.
    pub source: String,
    /// None for a draft.
    pub published_on: Option<Date>,
    /// The day on which it was taken out of use.
    pub retired_on: Option<Date>,
    /// Rises by one with every change, from 1 on.
    pub row_version: i32,
}

/// The life of a version of programme content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Draft,
    Published,
    Retired,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
