//! The change feed: what became different, in the order of commits, without gaps.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// One more than the change before it; given out under a lock that is held
    /// until the commit, so that no reader can pass a change that is yet to come.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub at: DateTimeUtc,
    pub audit_id: i64,
    pub organisation_id: i64,
    pub change_type: ChangeType,
    /// The day from which the change holds.
    pub effective_on: Option<Date>,
    /// What it was and what it is, in words.
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeType {
    Registered,
    Renamed,
    StatusChanged,
    DetailsChanged,
    CodeChanged,
    Moved,
    MembershipCorrected,
    LeadAppointed,
    Succeeded,
    ListSizeCounted,
    /// Something above it moved, and so its placement did.
    Placed,
    /// The row is gone: a demonstration that made way for the real register.
    Removed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
