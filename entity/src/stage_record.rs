//! A stage that a training hub recorded for a site. The later stages are never recorded:
//! they follow from enrolments and posts.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub site_id: i64,
    pub stage: RecordedStage,
    /// The first day of the stage.
    pub occurred_on: Date,
    pub reason: Option<String>,
    pub audit_id: i64,
    pub at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordedStage {
    Interested,
    /// A role model is chosen, a GP mentor named, and protected time agreed.
    Preparing,
    Declined,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
