//! The closed sets of words that enrolments are told in.

use async_graphql::Enum;
use entity::{
    employment_report,
    enrolment::{self, State},
    extension, mentor_assignment,
};

use crate::domain::enrolments::{disagreement, transitions};

/// How the learning is recognised.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "enrolment::Route")]
pub enum EnrolmentRoute {
    /// A provider verifies, and awards.
    Accredited,
    /// The training hub itself verifies.
    InHouse,
    /// What was learnt before is recognised.
    Retrospective,
}

/// How far an enrolment has come.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "enrolment::State")]
pub enum EnrolmentState {
    /// A place was applied for.
    Applied,
    /// A place was offered.
    Offered,
    /// The offer was accepted.
    Accepted,
    /// The learner has started.
    Started,
    /// The learning rests.
    Paused,
    /// The learner has submitted everything.
    Submitted,
    /// It was sent back by whoever verifies.
    Referred,
    /// It was verified.
    Verified,
    /// The learner is through.
    Completed,
    /// The application was turned down.
    Rejected,
    /// It ended before the start.
    Cancelled,
    /// It ended after the start.
    Withdrawn,
}

/// What a training hub takes an enrolment to.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum AdvanceTo {
    /// A place is offered: one must be left.
    Offered,
    /// The offer is accepted.
    Accepted,
    /// The learner starts, or goes on after a pause: a GP mentor must be assigned.
    Started,
    /// The learning rests.
    Paused,
    /// The learner has submitted everything, for the first time or again.
    Submitted,
}

impl From<AdvanceTo> for State {
    fn from(to: AdvanceTo) -> Self {
        match to {
            AdvanceTo::Offered => Self::Offered,
            AdvanceTo::Accepted => Self::Accepted,
            AdvanceTo::Started => Self::Started,
            AdvanceTo::Paused => Self::Paused,
            AdvanceTo::Submitted => Self::Submitted,
        }
    }
}

/// What whoever verifies takes an enrolment to.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum VerifyTo {
    /// It is sent back.
    Referred,
    /// It is verified.
    Verified,
    /// The learner is through.
    Completed,
}

impl From<VerifyTo> for State {
    fn from(to: VerifyTo) -> Self {
        match to {
            VerifyTo::Referred => Self::Referred,
            VerifyTo::Verified => Self::Verified,
            VerifyTo::Completed => Self::Completed,
        }
    }
}

/// How an enrolment ends before it is completed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum WithdrawTo {
    /// The application is turned down.
    Rejected,
    /// It ends before the start.
    Cancelled,
    /// It ends after the start.
    Withdrawn,
}

impl From<WithdrawTo> for State {
    fn from(to: WithdrawTo) -> Self {
        match to {
            WithdrawTo::Rejected => Self::Rejected,
            WithdrawTo::Cancelled => Self::Cancelled,
            WithdrawTo::Withdrawn => Self::Withdrawn,
        }
    }
}

/// What a transition takes, besides being possible.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "transitions::Requirement")]
pub enum EnrolmentRequirement {
    /// A place of the cohort that nobody has taken.
    PlaceLeft,
    /// A day on which learners of the cohort can start.
    CohortDates,
    /// A GP mentor who is assigned on that day.
    GpMentor,
    /// Every core competency that applies, assessed as competent.
    CoreCompetencies,
    /// A coded reason.
    Reason,
}

/// Why an enrolment ended before it was completed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "enrolment::ExitReason")]
pub enum ExitReason {
    /// The learner or the site is not eligible.
    NotEligible,
    /// There was no place.
    NoPlace,
    /// There was no mentor.
    NoMentor,
    /// The site does not take part any more.
    SiteWithdrew,
    /// The learner left the site's employment.
    LeftEmployment,
    /// The learner has another role.
    ChangedRole,
    /// There was too much other work.
    Workload,
    /// The learner's own reasons, which are nobody's business.
    Personal,
    /// The learning did not progress.
    NotProgressing,
    /// It is another enrolment of the same learner.
    Duplicate,
    /// None of these.
    Other,
}

/// Why more time is asked for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "extension::ExtensionReason")]
pub enum ExtensionReason {
    /// The learner was away.
    Absence,
    /// There was too much other work.
    Workload,
    /// The mentor was away.
    MentorUnavailable,
    /// Evidence is still to come.
    EvidenceOutstanding,
    /// The learner went to another site.
    SiteChange,
    /// None of these.
    Other,
}

/// What is decided of more time.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "extension::Decision")]
pub enum ExtensionDecision {
    /// It is granted.
    Granted,
    /// It is refused.
    Refused,
}

/// Whether a learner is employed at a site, by the site's word.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "employment_report::EmploymentStatus")]
pub enum EmploymentStatus {
    /// Employed, and there.
    Employed,
    /// Employed, and away for longer.
    OnLeave,
    /// Not employed there any more.
    Left,
}

/// In which part somebody is assigned to an enrolment.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "mentor_assignment::MentorKind")]
pub enum MentorKind {
    /// The GP who supports the learner: a start takes one.
    GpMentor,
    /// Somebody else at the site who supports them.
    SecondaryMentor,
    /// Somebody from elsewhere who verifies.
    ExternalVerifier,
}

/// In what a site and a training hub disagree about a learner.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "disagreement::Kind")]
pub enum DisagreementKind {
    /// The site says that the learner left, who is in training.
    LeftInTraining,
    /// The site says that the learner is away, whose training is not paused.
    OnLeaveNotPaused,
    /// The site says that the learner is employed, who withdrew because they left.
    EmployedButWithdrawn,
}
