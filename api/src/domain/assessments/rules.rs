//! What may be said of a learner and a competency, after what was said before: a pure
//! function of the records.
//!
//! Evidence is submitted, and found competent or referred back; referred back, it is
//! submitted another time, which is the next attempt. What was found competent stays so,
//! unless whoever verifies referred the whole enrolment.

use chrono::NaiveDate;
use entity::{
    assessment::{self, AssessmentState},
    competency,
    enrolment::State,
    role_model::RoleModel,
};
use sea_orm::ActiveEnum;

use crate::domain::{findings::Finding, records::Enrolment};

/// What is to be said, and everything that it depends on.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub enrolment: &'a Enrolment,
    pub competency: &'a competency::Model,
    /// How the learner's site shares out the work.
    pub role_model: RoleModel,
    /// What was said last; nothing is NOT_STARTED.
    pub before: Option<&'a assessment::Model>,
    pub state: AssessmentState,
    pub on: NaiveDate,
    pub today: NaiveDate,
    /// The revision that was read, where somebody else's must not be lost.
    pub expected_revision: Option<i32>,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was said before: nothing is written.
    Same,
    Next {
        revision: i32,
        attempt: i32,
    },
}

/// Whether learners in that state are assessed. While training is paused nothing is; once
/// it is verified, whatever is missing to complete it can still be made up for.
pub fn is_assessed(state: State) -> bool {
    match state {
        State::Started | State::Submitted | State::Referred | State::Verified => true,
        State::Applied
        | State::Offered
        | State::Accepted
        | State::Paused
        | State::Completed
        | State::Rejected
        | State::Cancelled
        | State::Withdrawn => false,
    }
}

/// Judges what is to be said; everything that is wrong with it, if anything is.
pub fn judge(asked: &Asked<'_>) -> Result<Verdict, Vec<Finding>> {
    let revision = asked.before.map_or(0, |row| row.revision);
    if asked.expected_revision.is_some_and(|expected| expected != revision) {
        let sentence = format!("it is at revision {revision} by now: read it again");
        return Err(vec![Finding::error("REVISION_CONFLICT", "expectedRevision", sentence)]);
    }
    let was = asked.before.map_or(AssessmentState::NotStarted, |row| row.state);
    if was == asked.state {
        return Ok(Verdict::Same);
    }
    let findings: Vec<Finding> =
        [of_state(asked), of_step(asked, was), of_applicability(asked), of_day(asked)]
            .into_iter()
            .flatten()
            .collect();
    if !findings.is_empty() {
        return Err(findings);
    }
    let attempt = asked.before.map_or(0, |row| row.attempt);
    let submitted = asked.state == AssessmentState::EvidenceSubmitted;
    Ok(Verdict::Next { revision: revision + 1, attempt: attempt + i32::from(submitted) })
}

fn of_state(asked: &Asked<'_>) -> Option<Finding> {
    let state = asked.enrolment.row.state;
    if is_assessed(state) {
        return None;
    }
    let is = state.to_value();
    let sentence = match state {
        State::Paused => format!("it is {is}: nothing is assessed until training goes on"),
        State::Applied | State::Offered | State::Accepted => {
            format!("it is {is}: learners are assessed once they have started")
        }
        _ => format!("it is {is}: what was learnt is settled"),
    };
    Some(Finding::error("CONTRADICTION", "enrolment", sentence))
}

fn of_step(asked: &Asked<'_>, was: AssessmentState) -> Option<Finding> {
    use AssessmentState::{
        Competent, EvidenceSubmitted, InProgress, NotApplicable, NotStarted, ReferredBack,
    };
    let possible: &[AssessmentState] = match was {
        NotStarted => &[InProgress, NotApplicable],
        InProgress => &[EvidenceSubmitted, NotApplicable],
        EvidenceSubmitted => &[Competent, ReferredBack],
        ReferredBack => &[EvidenceSubmitted, NotApplicable],
        NotApplicable => &[NotStarted, InProgress],
        Competent if asked.enrolment.row.state == State::Referred => &[ReferredBack],
        Competent => &[],
    };
    if possible.contains(&asked.state) {
        return None;
    }
    let words: Vec<String> = possible.iter().map(ActiveEnum::to_value).collect();
    let can = match &words[..] {
        [] => "it stays so unless the enrolment is REFERRED".to_owned(),
        words => format!("it can become {}", words.join(" or ")),
    };
    let sentence = format!("the competency is {}: {can}", was.to_value());
    Some(Finding::error("CONTRADICTION", "state", sentence))
}

fn of_applicability(asked: &Asked<'_>) -> Option<Finding> {
    let clinical = asked.competency.clinical && asked.role_model == RoleModel::Administrative;
    if asked.state != AssessmentState::NotApplicable || !asked.competency.core || clinical {
        return None;
    }
    let sentence = if asked.competency.clinical {
        "a core clinical competency is left out only where the site's role model is \
         ADMINISTRATIVE"
    } else {
        "it is a core competency: every learner needs it"
    };
    Some(Finding::error("CONTRADICTION", "state", sentence))
}

fn of_day(asked: &Asked<'_>) -> Option<Finding> {
    let out = |sentence: String| Some(Finding::error("OUT_OF_RANGE", "assessedOn", sentence));
    if asked.on > asked.today {
        return out("send today or an earlier day: it is recorded once it has happened".to_owned());
    }
    // Without a start there is something else wrong already.
    let started = asked.enrolment.started_on()?;
    if asked.on < started {
        return out(format!("the learner started on {started}: send that day or a later one"));
    }
    if let Some(last) = asked.before.map(|row| row.assessed_on).filter(|last| asked.on < *last) {
        return out(format!("it was last assessed on {last}: send that day or a later one"));
    }
    let then = asked.enrolment.state_at(asked.on).filter(|state| !is_assessed(*state))?;
    out(format!("the enrolment was {} on that day", then.to_value()))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
