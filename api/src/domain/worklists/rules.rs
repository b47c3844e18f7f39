//! What of an enrolment waits for somebody on a day: a pure function of its record and
//! of when it was last assessed.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use entity::{
    enrolment::State,
    mentor_assignment::{self, MentorKind},
};

use super::{About, Item, Kind};
use crate::domain::{
    enrolments::disagreement::{self, disagreement},
    records::Enrolment,
};

/// Days before it is due on which an enrolment comes onto the list.
const SOON: Days = Days::new(30);
/// Days without any evidence after which an enrolment comes onto the list.
const QUIET: Days = Days::new(60);

/// Everything of an enrolment that waits on that day; `assessed` is the last day on which
/// anything of it was assessed.
pub fn of_enrolment(
    it: &Arc<Enrolment>,
    assessed: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<Item> {
    let single = [
        no_mentor(it, today),
        no_evidence(it, assessed, today),
        due(it, today),
        disagreed(it),
        referred(it),
        verification(it),
    ];
    let mut items: Vec<Item> = single.into_iter().flatten().collect();
    items.extend(extensions(it));
    items
}

fn item(it: &Arc<Enrolment>, kind: Kind, since: NaiveDate, sentence: String) -> Item {
    Item { kind, about: About::Enrolment(it.clone()), since, due: None, sentence }
}

/// Whether learners in that state still learn: not while it is paused, nor once it is
/// verified.
fn is_taught(state: State) -> bool {
    matches!(state, State::Started | State::Submitted | State::Referred)
}

/// Whoever is taught needs a GP mentor every day.
fn no_mentor(it: &Arc<Enrolment>, today: NaiveDate) -> Option<Item> {
    if !is_taught(it.row.state) || it.has_mentor(MentorKind::GpMentor, today) {
        return None;
    }
    let of_kind = |row: &&mentor_assignment::Model| row.kind == MentorKind::GpMentor;
    let ended = it.mentors.iter().filter(of_kind).filter_map(|row| row.valid_to);
    let since = ended.filter(|day| *day <= today).max().or_else(|| it.started_on())?;
    let sentence = format!("No GP mentor is assigned since {since}: assign one.");
    Some(item(it, Kind::NoMentor, since, sentence))
}

/// Learners who work on their evidence; the days begin anew when training goes on after a
/// pause, or when the enrolment is referred.
fn no_evidence(it: &Arc<Enrolment>, assessed: Option<NaiveDate>, today: NaiveDate) -> Option<Item> {
    if !matches!(it.row.state, State::Started | State::Referred) {
        return None;
    }
    let last = it.since().max(assessed)?;
    let since = last.checked_add_days(QUIET).filter(|day| *day <= today)?;
    let sentence = format!("Nothing was assessed since {last}: ask how the learner gets on.");
    Some(item(it, Kind::NoEvidence60Days, since, sentence))
}

/// What is to be submitted soon, or should have been.
fn due(it: &Arc<Enrolment>, today: NaiveDate) -> Option<Item> {
    if !matches!(it.row.state, State::Started | State::Paused | State::Referred) {
        return None;
    }
    let due = it.row.due_on?;
    let (kind, since, sentence) = if due < today {
        let sentence = format!("It was due on {due}: submit it, or ask for an extension.");
        (Kind::Overdue, due.succ_opt()?, sentence)
    } else {
        let since = due.checked_sub_days(SOON).filter(|day| *day <= today)?;
        (Kind::DueWithin30Days, since, format!("It is due on {due}."))
    };
    Some(Item { due: Some(due), ..item(it, kind, since, sentence) })
}

fn disagreed(it: &Arc<Enrolment>) -> Option<Item> {
    let found = disagreement(it)?;
    let sentence = match found.kind {
        disagreement::Kind::LeftInTraining => {
            "The site says that the learner left, who is in training: withdraw or transfer the \
             enrolment, or report the employment anew."
        }
        disagreement::Kind::OnLeaveNotPaused => {
            "The site says that the learner is away, whose training is not paused: pause it, or \
             report the employment anew."
        }
        disagreement::Kind::EmployedButWithdrawn => {
            "The site says that the learner is employed, who withdrew because they left: report \
             the employment anew."
        }
    };
    Some(item(it, Kind::StatusDisagreement, found.since, sentence.to_owned()))
}

fn referred(it: &Arc<Enrolment>) -> Option<Item> {
    let since = it.since().filter(|_| it.row.state == State::Referred)?;
    let sentence = format!("It was referred on {since}: complete it, and submit it again.");
    Some(Item { due: it.row.due_on, ..item(it, Kind::Referred, since, sentence) })
}

fn verification(it: &Arc<Enrolment>) -> Option<Item> {
    let since = it.since().filter(|_| it.row.state == State::Submitted)?;
    let sentence = format!("It was submitted on {since}: verify or refer it.");
    Some(item(it, Kind::VerificationWaiting, since, sentence))
}

/// Whoever asked for more time should know before the day on which the learning is due.
fn extensions(it: &Arc<Enrolment>) -> impl Iterator<Item = Item> {
    let waiting = it.extensions.iter().filter(|row| row.decision.is_none());
    waiting.map(|row| {
        let (months, since) = (row.months, row.requested_on);
        let sentence =
            format!("{months} months more were asked for on {since}: grant or refuse them.");
        let about = About::Extension(it.clone(), row.id);
        let kind = Kind::ExtensionWaiting;
        Item { kind, about, since, due: it.row.due_on, sentence }
    })
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
