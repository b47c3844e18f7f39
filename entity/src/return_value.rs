//! One answer of a return: what somebody said of one of its metrics. What was locked
//! stays; a restatement adds another revision.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "return_value")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub return_id: i64,
    /// The metric's code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub metric: String,
    /// 1 for what was submitted, more for restatements.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    /// The version of the definition that it answers.
    pub version_id: i64,
    /// None where there is no answer yet, only an explanation.
    pub state: Option<State>,
    /// As they were said, in millionths.
    pub value: Option<i64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// Why a figure is right that looks wrong.
    pub explanation: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Value,
    /// There was nothing to count: an answer.
    Nil,
    /// The question does not arise for this organisation.
    NotApplicable,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
