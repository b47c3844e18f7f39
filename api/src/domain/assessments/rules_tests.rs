//! What may follow what, and when: each rule by itself.

use chrono::NaiveDate;
use entity::{
    assessment::{self, AssessmentState},
    competency, enrolment,
    enrolment::{Route, State},
    enrolment_event,
    role_model::RoleModel,
};
use sea_orm::Iterable;

use super::{Asked, Verdict, judge};
use crate::domain::records::Enrolment;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Started on 3 March 2025; later states follow on the days that are said.
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
    it
}

fn competency(core: bool, clinical: bool) -> competency::Model {
    competency::Model {
        id: 1,
        framework_id: 1,
        domain_id: 1,
        code: "be-kind".to_owned(),
        title: "Is kind".to_owned(),
        description: "Made up.".to_owned(),
        core,
        clinical,
        position: 1,
    }
}

fn said(state: AssessmentState, attempt: i32, on: &str) -> assessment::Model {
    assessment::Model {
        id: 1,
        enrolment_id: 1,
        competency_id: 1,
        revision: 3,
        state,
        attempt,
        assessed_on: day(on),
        issuer: "test".to_owned(),
        subject: "asha".to_owned(),
        audit_id: 0,
        at: Default::default(),
    }
}

/// The codes and fields of what is wrong with saying a state on 1 June 2025.
fn wrong(asked: &Asked<'_>) -> Vec<String> {
    let findings = judge(asked).err().unwrap_or_default();
    findings.iter().map(|each| format!("{} {}", each.column, each.code)).collect()
}

fn asked<'a>(
    enrolment: &'a Enrolment,
    competency: &'a competency::Model,
    before: Option<&'a assessment::Model>,
    state: AssessmentState,
) -> Asked<'a> {
    Asked {
        enrolment,
        competency,
        role_model: RoleModel::Combined,
        before,
        state,
        on: day("2025-06-01"),
        today: day("2025-06-02"),
        expected_revision: None,
    }
}

#[test]
fn each_state_follows_some_and_no_other() {
    use AssessmentState::{
        Competent, EvidenceSubmitted, InProgress, NotApplicable, NotStarted, ReferredBack,
    };
    let (it, optional) = (enrolment(&[]), competency(false, false));
    for (before, expected) in [
        (NotStarted, vec![InProgress, NotApplicable]),
        (InProgress, vec![EvidenceSubmitted, NotApplicable]),
        (EvidenceSubmitted, vec![ReferredBack, Competent]),
        (ReferredBack, vec![EvidenceSubmitted, NotApplicable]),
        (Competent, vec![]),
        (NotApplicable, vec![NotStarted, InProgress]),
    ] {
        let known = said(before, 1, "2025-05-01");
        let may = |state: &AssessmentState| {
            matches!(
                judge(&asked(&it, &optional, Some(&known), *state)),
                Ok(Verdict::Next { revision: 4, .. })
            )
        };
        let possible: Vec<_> = AssessmentState::iter().filter(may).collect();
        assert_eq!(possible, expected, "after {before:?}");
        let again = judge(&asked(&it, &optional, Some(&known), before));
        assert_eq!(again.ok(), Some(Verdict::Same), "{before:?} again");
    }
    let first = judge(&asked(&it, &optional, None, InProgress));
    assert_eq!(first.ok(), Some(Verdict::Next { revision: 1, attempt: 0 }));
}

#[test]
fn every_submission_of_evidence_is_another_attempt() {
    use AssessmentState::{Competent, EvidenceSubmitted, InProgress, ReferredBack};
    let (it, core) = (enrolment(&[]), competency(true, false));
    for (before, attempts, state, expected) in [
        (InProgress, 0, EvidenceSubmitted, 1),
        (EvidenceSubmitted, 1, ReferredBack, 1),
        (ReferredBack, 1, EvidenceSubmitted, 2),
        (EvidenceSubmitted, 2, Competent, 2),
    ] {
        let known = said(before, attempts, "2025-05-01");
        let verdict = judge(&asked(&it, &core, Some(&known), state));
        assert_eq!(verdict.ok(), Some(Verdict::Next { revision: 4, attempt: expected }));
    }
}

#[test]
fn only_what_is_not_core_is_left_out_and_clinical_work_where_there_is_none() {
    let it = enrolment(&[]);
    for (core, clinical, role_model, may) in [
        (false, false, RoleModel::Combined, true),
        (true, false, RoleModel::Administrative, false),
        (true, true, RoleModel::Combined, false),
        (true, true, RoleModel::Undecided, false),
        (true, true, RoleModel::Administrative, true),
    ] {
        let competency = competency(core, clinical);
        let asked = asked(&it, &competency, None, AssessmentState::NotApplicable);
        let wrong = wrong(&Asked { role_model, ..asked });
        assert_eq!(wrong.is_empty(), may, "{core} {clinical} {role_model:?}: {wrong:?}");
    }
}

#[test]
fn learners_are_assessed_only_while_they_learn() {
    let core = competency(true, false);
    for state in State::iter() {
        let it = enrolment(&[(state, "2025-05-01")]);
        let wrong = wrong(&asked(&it, &core, None, AssessmentState::InProgress));
        let may =
            matches!(state, State::Started | State::Submitted | State::Referred | State::Verified);
        assert_eq!(wrong.is_empty(), may, "{state:?}: {wrong:?}");
    }
}

#[test]
fn what_is_competent_is_taken_up_again_only_when_the_enrolment_was_referred() {
    let (core, known) =
        (competency(true, false), said(AssessmentState::Competent, 1, "2025-05-01"));
    let back = AssessmentState::ReferredBack;
    for (state, expected) in
        [(State::Submitted, vec!["state CONTRADICTION"]), (State::Referred, vec![])]
    {
        let it = enrolment(&[(state, "2025-05-02")]);
        assert_eq!(wrong(&asked(&it, &core, Some(&known), back)), expected);
    }
}

#[test]
fn days_lie_between_what_came_before_and_today() {
    let (it, core) = (enrolment(&[]), competency(true, false));
    let paused = enrolment(&[(State::Paused, "2025-04-01"), (State::Started, "2025-05-01")]);
    let known = said(AssessmentState::InProgress, 0, "2025-05-10");
    let next = AssessmentState::EvidenceSubmitted;
    let out = vec!["assessedOn OUT_OF_RANGE"];
    for (it, before, state, on, expected) in [
        (&it, None, AssessmentState::InProgress, "2025-03-02", out.clone()),
        (&it, None, AssessmentState::InProgress, "2025-03-03", vec![]),
        (&it, None, AssessmentState::InProgress, "2025-06-02", vec![]),
        (&it, None, AssessmentState::InProgress, "2025-06-03", out.clone()),
        (&it, Some(&known), next, "2025-05-09", out.clone()),
        (&it, Some(&known), next, "2025-05-10", vec![]),
        (&paused, None, AssessmentState::InProgress, "2025-04-30", out),
        (&paused, None, AssessmentState::InProgress, "2025-05-01", vec![]),
    ] {
        let asked = Asked { on: day(on), ..asked(it, &core, before, state) };
        assert_eq!(wrong(&asked), expected, "on {on}");
    }
}

#[test]
fn somebody_elses_revision_is_never_lost() {
    let (it, core) = (enrolment(&[]), competency(true, false));
    let known = said(AssessmentState::InProgress, 0, "2025-05-10");
    let next = AssessmentState::EvidenceSubmitted;
    for (before, expected_revision, expected) in [
        (Some(&known), Some(3), vec![]),
        (Some(&known), Some(2), vec!["expectedRevision REVISION_CONFLICT"]),
        (None, Some(1), vec!["expectedRevision REVISION_CONFLICT"]),
    ] {
        let state = if before.is_some() { next } else { AssessmentState::InProgress };
        let asked = Asked { expected_revision, ..asked(&it, &core, before, state) };
        assert_eq!(wrong(&asked), expected);
    }
}
