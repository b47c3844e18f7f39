//! The addresses that changes are sent to: whose they are, how far each has come in the
//! feed, and whether it is being told.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The role that it is held in, and for what: a machine client, or an organisation.
    pub role: String,
    pub client_id: Option<i64>,
    pub organisation_id: Option<i64>,
    /// What a machine client's tells of: the scopes of the token that registered it, as in
    /// a token; empty of an organisation's.
    pub scopes: String,
    /// Who registered it.
    pub registered_by: String,
    pub registered_at: DateTimeUtc,
    pub url: String,
    /// The types of change that it is sent: a list in JSON; none where it is sent all.
    pub types: Option<String>,
    pub status: Status,
    /// Since when it is not sent anything, and why; none while it is.
    pub paused_at: Option<DateTimeUtc>,
    pub paused_because: Option<String>,
    /// The last position of the feed before which nothing is left to send.
    pub cursor: i64,
    /// Positions after the cursor that were delivered already: a list in JSON.
    pub delivered: String,
    /// How often the cursor was set by somebody: what was delivered before does not move it.
    pub placed: i32,
    /// Whether somebody wants to see a test arrive.
    pub wants_test: bool,
    /// How often in a row it could not be told.
    pub failures: i32,
    pub next_attempt_at: DateTimeUtc,
    /// Who delivers to it now, and until when nobody else does.
    pub claimed_by: Option<String>,
    pub claimed_until: Option<DateTimeUtc>,
    pub audit_id: i64,
    pub version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Active,
    /// By somebody.
    Paused,
    /// By the service, because it could not go on.
    PausedByFailure,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
