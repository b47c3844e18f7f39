//! Where a site and a training hub disagree about a learner: employment is the site's
//! word, training the hub's. It is listed until one of them says otherwise.

use chrono::NaiveDate;
use entity::{
    employment_report::EmploymentStatus,
    enrolment::{ExitReason, State},
};

use crate::domain::records::{Enrolment, enrolment::in_training};

/// In what they disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The site says that the learner left, who is in training.
    LeftInTraining,
    /// The site says that the learner is away, whose training is not paused.
    OnLeaveNotPaused,
    /// The site says that the learner is employed, who withdrew because they left.
    EmployedButWithdrawn,
}

/// A disagreement, and the day from which the two said what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disagreement {
    pub kind: Kind,
    pub since: NaiveDate,
}

/// In what the two disagree about an enrolment, if they do.
pub fn disagreement(it: &Enrolment) -> Option<Disagreement> {
    let said = it.employment.last()?;
    let state = it.row.state;
    let left = state == State::Withdrawn && it.row.exit_reason == Some(ExitReason::LeftEmployment);
    let kind = match said.status {
        EmploymentStatus::Left if in_training(state) => Kind::LeftInTraining,
        EmploymentStatus::OnLeave if state == State::Started => Kind::OnLeaveNotPaused,
        EmploymentStatus::Employed if left => Kind::EmployedButWithdrawn,
        EmploymentStatus::Left | EmploymentStatus::OnLeave | EmploymentStatus::Employed => {
            return None;
        }
    };
    let since = it.since().map_or(said.as_of, |day| day.max(said.as_of));
    Some(Disagreement { kind, since })
}
