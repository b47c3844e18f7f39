//! Something that may be wrong with the data and was looked at: it is as it should be,
//! for a reason. Issues themselves are no rows: they are found anew whenever somebody
//! asks, so one that is fixed is gone.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_quality_acceptance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub rule: Rule,
    /// The issue's key, which names the very thing that was accepted, such as one
    /// revision of one figure.
    pub issue: String,
    pub organisation_id: i64,
    pub reason: String,
    /// Who, and when.
    pub audit_id: i64,
}

/// What issues are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rule {
    MissingReturn,
    Outlier,
    StaleProvisional,
    SiteWithoutPlacement,
    DisputedSuccession,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
