//! One import of figures from a file: previewed row by row, then committed or not. The
//! rows are [`super::import_row`].

use sea_orm::entity::prelude::*;

use crate::observation::Status;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub format: Format,
    pub file_name: String,
    /// Of the whole file, in small hexadecimal digits.
    pub sha256: String,
    pub state: State,
    /// How settled the figures are to be once they are committed.
    pub wanted_status: Status,
    /// Whose import it is: who has this organisation within reach may read it.
    pub organisation_id: i64,
    pub started_by: String,
    pub started_at: DateTimeUtc,
    /// When reading last came forward; a reader that is gone moves it no more.
    pub progressed_at: DateTimeUtc,
    pub committed_at: Option<DateTimeUtc>,
    pub undone_at: Option<DateTimeUtc>,
    pub lines_read: i64,
    /// How many lines there seem to be; exact once everything was read.
    pub lines_total: i64,
    /// Rows by their outcome.
    pub creates: i64,
    pub changes: i64,
    pub sames: i64,
    pub conflicts: i64,
    pub refusals: i64,
    /// Lines of the file that are about something else.
    pub skipped: i64,
    /// The file's line of headings, which a reject file begins with.
    pub headings: Option<String>,
    /// Why the file was refused whole.
    pub failure: Option<String>,
    /// Organisations that the register lacks and the commit opens, as JSON.
    pub openings: Option<String>,
    /// The audit row of the command that began it.
    pub audit_id: i64,
    /// Rises by one with every change of state.
    pub version: i32,
}

/// What is in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// Our own template: one line for an organisation and a month, one column for a metric.
    ReturnTemplate,
    /// One line for each figure.
    Observations,
    /// NHS England's PCN Workforce, one line for each person and post.
    PcnWorkforce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// The file is being read.
    Reading,
    /// What a commit would do can be seen.
    Previewed,
    Committed,
    /// It was committed, and what held before holds again.
    Undone,
    /// No row of the file could be trusted.
    Failed,
    /// Nobody wants it any more.
    Discarded,
    /// Nobody committed it in time, and its rows are gone.
    Expired,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
