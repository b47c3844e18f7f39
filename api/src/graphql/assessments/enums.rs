//! The words of assessments.

use async_graphql::Enum;
use entity::assessment;

/// How far a learner is with one competency.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "assessment::AssessmentState")]
pub enum AssessmentState {
    /// Nothing was done yet.
    NotStarted,
    /// The learner is at it.
    InProgress,
    /// Evidence waits to be assessed.
    EvidenceSubmitted,
    /// The evidence did not show it: the learner tries again.
    ReferredBack,
    /// The evidence shows it.
    Competent,
    /// It is none of this learner's work.
    NotApplicable,
}
