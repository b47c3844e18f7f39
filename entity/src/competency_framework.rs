//! What somebody learns who becomes a General Practice Assistant, as versioned data: a
//! framework of domains that hold competencies. It supports one published job description.

use sea_orm::entity::prelude::*;

use crate::job_description::State;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "competency_framework")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub major: i32,
    pub minor: i32,
    pub patch: i32,
    pub job_description_id: i64,
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

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
