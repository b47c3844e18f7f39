//! "This organisation was followed by that one" on a date: a merger, a split or a
//! new code. A pair follows once.

use sea_orm::entity::prelude::*;

use crate::organisation::Source;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "succession")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub predecessor_id: i64,
    pub successor_id: i64,
    pub occurred_on: Date,
    pub kind: SuccessionKind,
    pub confidence: Confidence,
    pub source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SuccessionKind {
    Merger,
    Split,
    Recode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Confidence {
    Confirmed,
    Inferred,
    Disputed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
