//! The faults that a caller of a sandbox asked for, each until its requests are used up.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sandbox_fault")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Who asked for it, and so who meets it.
    pub issuer: String,
    pub subject: String,
    pub kind: FaultKind,
    /// Which operations meet it; none: any.
    pub operation: Option<String>,
    /// How many requests are yet to meet it.
    pub remaining: i32,
    /// For how long a slow answer waits.
    pub milliseconds: Option<i32>,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FaultKind {
    Unavailable,
    RateLimited,
    Timeout,
    Internal,
    Slow,
    AnswerLost,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
