//! The closed sets of imports.

use async_graphql::Enum;
use entity::{import_row, import_run, observation};

/// What is in a file that is imported.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import_run::Format")]
pub enum ImportFormat {
    /// Our own return template, CSV or XLSX: one line for an organisation and a month,
    /// one column for a metric. Of a heading only the part in square brackets counts.
    ReturnTemplate,
    /// CSV with the columns `organisation_code`, `metric`, `month`, `value`, `numerator`,
    /// `denominator`, `state` and `explanation` in any order: one line for each figure.
    Observations,
    /// NHS England's PCN Workforce, individual level: what its lines about General
    /// Practice Assistants come to for each network.
    PcnWorkforce,
}

/// Where an import stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import_run::State")]
pub enum ImportState {
    /// Its file is being read; ask again.
    Reading,
    /// What a commit would do can be seen.
    Previewed,
    /// Its figures are recorded.
    Committed,
    /// It was committed, and what held before holds again.
    Undone,
    /// No row of its file could be trusted.
    Failed,
    /// Nobody wanted it any more.
    Discarded,
    /// Nobody committed or discarded it within 30 days after its file was read: its rows
    /// are gone, and it cannot be committed any more.
    Expired,
}

/// What an import does with one figure.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import_row::Outcome")]
pub enum ImportOutcome {
    /// Nothing is recorded of it; the import records it.
    Create,
    /// Something else is recorded; the import adds a revision.
    Change,
    /// It is recorded so already; the import leaves it.
    Same,
    /// It may not follow what is recorded by now; the import leaves it.
    Conflict,
    /// It is wrong by itself; the import leaves it.
    Refused,
}

/// What a file says of a figure.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "observation::State")]
pub enum ClaimedState {
    /// A value.
    Value,
    /// There was nothing to count: an answer, and it counts as 0.
    Nil,
    /// The question does not arise for this organisation.
    NotApplicable,
    /// What was said before is taken back.
    Withdrawn,
}
