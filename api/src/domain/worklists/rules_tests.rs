//! Each reason for being on a list: the day on which it begins to hold, and the day before.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    employment_report::{self, EmploymentStatus},
    enrolment,
    enrolment::{Route, State},
    enrolment_event,
    extension::{self, Decision, ExtensionReason},
    mentor_assignment::{self, MentorKind},
};

use super::{super::Kind, of_enrolment};
use crate::domain::records::Enrolment;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Started on 3 March 2025 with a GP mentor, and due on 3 December.
fn enrolment(later: &[(State, &str)]) -> Enrolment {
    let events = [(State::Started, "2025-03-03")].iter().chain(later);
    let event = |(state, on): &(State, &str)| enrolment_event::Model {
        id: 0,
        enrolment_id: 1,
        state: *state,
        site_id: 1,
        occurred_on: day(on),
        audit_id: 0,
        at: Default::default(),
    };
    let mut it = Enrolment::new(enrolment::Model {
        id: 1,
        learner_id: 1,
        cohort_id: 1,
        site_id: 1,
        framework_id: 1,
        route: Route::Accredited,
        state: later.last().map_or(State::Started, |(state, _)| *state),
        due_on: Some(day("2025-12-03")),
        exit_reason: None,
        version: 1,
    });
    it.events = events.map(event).collect();
    it.mentors = vec![mentor("2025-03-01", None)];
    it
}

fn mentor(from: &str, to: Option<&str>) -> mentor_assignment::Model {
    mentor_assignment::Model {
        id: 1,
        enrolment_id: 1,
        kind: MentorKind::GpMentor,
        issuer: "test".to_owned(),
        subject: "asha".to_owned(),
        valid_from: day(from),
        valid_to: to.map(day),
        audit_id: 0,
    }
}

fn said(status: EmploymentStatus, on: &str) -> employment_report::Model {
    employment_report::Model {
        id: 1,
        enrolment_id: 1,
        status,
        as_of: day(on),
        audit_id: 0,
        at: Default::default(),
    }
}

/// What waits on a day: each kind, since when, and when it is due.
fn waits(it: &Enrolment, assessed: Option<&str>, today: &str) -> Vec<(Kind, String, String)> {
    let items = of_enrolment(&Arc::new(it.clone()), assessed.map(day), day(today));
    let word = |day: Option<NaiveDate>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    items.iter().map(|item| (item.kind, item.since.to_string(), word(item.due))).collect()
}

fn only(kind: Kind, since: &str, due: &str) -> Vec<(Kind, String, String)> {
    vec![(kind, since.to_owned(), due.to_owned())]
}

#[test]
fn without_a_gp_mentor_a_learner_waits_from_that_very_day() {
    let mut it = enrolment(&[]);
    it.mentors = vec![mentor("2025-03-01", Some("2025-04-01"))];
    assert_eq!(waits(&it, None, "2025-03-31"), []);
    let expected = only(Kind::NoMentor, "2025-04-01", "-");
    assert_eq!(waits(&it, None, "2025-04-01"), expected);
    it.mentors.clear();
    assert_eq!(waits(&it, None, "2025-04-01"), only(Kind::NoMentor, "2025-03-03", "-"));
    it.mentors = vec![mentor("2025-05-01", None)];
    assert_eq!(waits(&it, None, "2025-04-01"), only(Kind::NoMentor, "2025-03-03", "-"));
    let mut paused = enrolment(&[(State::Paused, "2025-03-20")]);
    paused.mentors.clear();
    assert_eq!(waits(&paused, None, "2025-04-01"), [], "nobody is taught while it is paused");
}

#[test]
fn a_learner_of_whom_nothing_is_heard_waits_after_60_days() {
    let it = enrolment(&[]);
    let kind = Kind::NoEvidence60Days;
    assert_eq!(waits(&it, None, "2025-05-01"), []);
    assert_eq!(waits(&it, None, "2025-05-02"), only(kind, "2025-05-02", "-"));
    assert_eq!(waits(&it, Some("2025-04-01"), "2025-05-30"), []);
    assert_eq!(waits(&it, Some("2025-04-01"), "2025-05-31"), only(kind, "2025-05-31", "-"));
    let again = enrolment(&[(State::Paused, "2025-04-01"), (State::Started, "2025-06-01")]);
    assert_eq!(waits(&again, Some("2025-03-20"), "2025-07-30"), []);
    assert_eq!(waits(&again, Some("2025-03-20"), "2025-07-31"), only(kind, "2025-07-31", "-"));
}

#[test]
fn what_is_due_waits_from_30_days_before_and_then_is_overdue() {
    let (it, fresh) = (enrolment(&[]), Some("2025-11-01"));
    assert_eq!(waits(&it, fresh, "2025-11-02"), []);
    let soon = only(Kind::DueWithin30Days, "2025-11-03", "2025-12-03");
    assert_eq!(waits(&it, fresh, "2025-11-03"), soon);
    assert_eq!(waits(&it, fresh, "2025-12-03"), soon);
    let overdue = only(Kind::Overdue, "2025-12-04", "2025-12-03");
    assert_eq!(waits(&it, fresh, "2025-12-04"), overdue);
    let submitted = enrolment(&[(State::Submitted, "2025-11-20")]);
    let verify = only(Kind::VerificationWaiting, "2025-11-20", "-");
    assert_eq!(waits(&submitted, fresh, "2025-12-04"), verify, "the learner has done their part");
}

#[test]
fn what_was_referred_goes_back_to_the_learner() {
    let it = enrolment(&[(State::Submitted, "2025-05-01"), (State::Referred, "2025-05-20")]);
    let expected = only(Kind::Referred, "2025-05-20", "2025-12-03");
    assert_eq!(waits(&it, None, "2025-05-21"), expected);
}

#[test]
fn an_extension_waits_until_it_is_decided() {
    let mut it = enrolment(&[]);
    it.extensions = vec![extension::Model {
        id: 7,
        enrolment_id: 1,
        months: 2,
        reason: ExtensionReason::Workload,
        requested_on: day("2025-03-10"),
        requested_issuer: "test".to_owned(),
        requested_subject: "sam".to_owned(),
        decision: None,
        decided_on: None,
        decided_issuer: None,
        decided_subject: None,
        version: 1,
    }];
    let expected = only(Kind::ExtensionWaiting, "2025-03-10", "2025-12-03");
    assert_eq!(waits(&it, None, "2025-03-11"), expected);
    it.extensions[0].decision = Some(Decision::Refused);
    assert_eq!(waits(&it, None, "2025-03-11"), []);
}

#[test]
fn a_site_and_a_hub_that_disagree_are_listed_until_one_says_otherwise() {
    let kind = Kind::StatusDisagreement;
    for (status, expected) in [
        (EmploymentStatus::Employed, vec![]),
        (EmploymentStatus::OnLeave, only(kind, "2025-03-10", "-")),
        (EmploymentStatus::Left, only(kind, "2025-03-10", "-")),
    ] {
        let mut it = enrolment(&[]);
        it.employment = vec![said(status, "2025-03-10")];
        assert_eq!(waits(&it, None, "2025-03-12"), expected, "{status:?}");
        it.employment.push(said(EmploymentStatus::Employed, "2025-03-11"));
        assert_eq!(waits(&it, None, "2025-03-12"), [], "the newest word holds");
    }
}

#[test]
fn what_is_over_waits_for_nobody() {
    for state in [State::Completed, State::Withdrawn, State::Verified] {
        let mut it = enrolment(&[(state, "2025-04-01")]);
        it.mentors.clear();
        assert_eq!(waits(&it, None, "2026-06-01"), [], "{state:?}");
    }
}
