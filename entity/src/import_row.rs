//! What an import would do with one figure of its file. A row names what held before by
//! the id of its observation, which never changes.

use sea_orm::entity::prelude::*;

use crate::observation;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i64,
    /// From 1 on, in the order of the file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// The line of the file, or the first of those that make this figure.
    pub line: i64,
    pub outcome: Outcome,
    /// None where the file names nothing that is known.
    pub organisation_id: Option<i64>,
    /// How the file names it, where there is no id.
    pub organisation: Option<String>,
    /// The version of the metric's definition.
    pub version_id: Option<i64>,
    /// How the file names it, where there is no id.
    pub metric: Option<String>,
    /// Year and month as one number, such as 202511.
    pub month: Option<i32>,
    /// What the file says; none where that cannot be read.
    pub state: Option<observation::State>,
    /// In millionths, as the file gives it, as are numerator and denominator.
    pub value: Option<i64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// The observation that held when the file was read.
    pub before_id: Option<i64>,
    pub explanation: Option<String>,
    /// Whom a distinct count counted, as a JSON list.
    pub persons: Option<String>,
    /// What was found wrong, or looks wrong, as JSON.
    pub findings: Option<String>,
    /// The lines as they stand in the file, on the first row that comes of them.
    pub raw: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// Nothing held before.
    Create,
    /// Something else held before.
    Change,
    /// It is recorded so already.
    Same,
    /// It may not follow what is recorded by now.
    Conflict,
    /// It is wrong by itself.
    Refused,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
