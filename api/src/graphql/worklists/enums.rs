//! Why something is on a worklist.

use async_graphql::Enum;

use crate::domain::worklists;

/// Why something is on a worklist.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "worklists::Kind")]
pub enum WorklistKind {
    /// It should have been submitted.
    Overdue,
    /// It is to be submitted within 30 days.
    #[graphql(name = "DUE_WITHIN_30_DAYS")]
    DueWithin30Days,
    /// A return should have been submitted.
    ReturnOverdue,
    /// More time was asked for, and nobody decided yet.
    ExtensionWaiting,
    /// Everything was submitted, and is to be verified or referred.
    VerificationWaiting,
    /// Evidence for a competency waits to be assessed.
    EvidenceWaiting,
    /// Whoever verifies sent it back.
    Referred,
    /// The learner is taught, and has no GP mentor today.
    NoMentor,
    /// Nothing of the learner was assessed for 60 days, nor since the start.
    #[graphql(name = "NO_EVIDENCE_60_DAYS")]
    NoEvidence60Days,
    /// The site and the training hub disagree about the learner.
    StatusDisagreement,
}
