//! The rows of one invented learner: the enrolment with all that happened to it.

use chrono::{Days, Months, NaiveDate};
use entity::{
    assessment::{self, AssessmentState},
    award,
    enrolment::{self, State},
    enrolment_event, extension, learner, learner_details,
    mentor_assignment::{self, MentorKind},
};

use super::{plan::LearnerPlan, records::Writing};
use crate::{
    domain::{programme::content::Framework, records::enrolment::is_over},
    ids::OrganisationId,
};

/// Who somebody of the stories signs in as, if anybody did.
const ISSUER: &str = "demonstration";

/// Where and with whom a learner is.
pub(super) struct Seat<'a> {
    pub site: OrganisationId,
    pub code: &'a str,
    pub hub_team: &'a str,
    pub cohort: i64,
    pub framework: &'a Framework,
}

/// Writes one learner down; gives the learner's id.
pub(super) fn write(writing: &mut Writing, seat: &Seat<'_>, plan: &LearnerPlan) -> i64 {
    let learner = writing.next_id();
    writing.learners.push(learner::Model {
        id: learner,
        reference: format!("L-DEMO{learner}"),
        merged_into_id: None,
        version: 1,
    });
    writing.details.push(learner_details::Model {
        learner_id: learner,
        name: format!("Learner {learner} (synthetic)"),
        email: Some(format!("learner-{learner}@example.invalid")),
        telephone: None,
    });
    let id = writing.next_id();
    let Some((_, state)) = plan.events.last().copied() else { return learner };
    let (months, due_on) = due(plan);
    writing.enrolments.push(enrolment::Model {
        id,
        learner_id: learner,
        cohort_id: seat.cohort,
        site_id: seat.site,
        framework_id: seat.framework.row.id,
        route: plan.route,
        state,
        due_on,
        exit_reason: plan.exit_reason,
        version: i32::try_from(plan.events.len()).unwrap_or(1) + i32::from(months > 0),
    });
    for (on, state) in &plan.events {
        let row = enrolment_event::Model {
            id: writing.next_id(),
            enrolment_id: id,
            state: *state,
            site_id: seat.site,
            occurred_on: *on,
            audit_id: writing.audit_id,
            at: writing.at,
        };
        writing.events.push(row);
    }
    extend(writing, seat, id, plan);
    mentor(writing, seat, id, plan, state);
    assess(writing, seat, id, plan, state);
    if state == State::Completed {
        reward(writing, id, plan);
    }
    learner
}

/// Months granted, and when the enrolment is due.
fn due(plan: &LearnerPlan) -> (i32, Option<NaiveDate>) {
    let has_started = plan.events.iter().any(|(_, state)| *state == State::Started);
    let granted = plan.extension.filter(|it| it.granted.is_some()).map_or(0, |it| it.months);
    let months = Months::new(9 + granted.unsigned_abs());
    (granted, has_started.then(|| plan.started + months))
}

fn extend(writing: &mut Writing, seat: &Seat<'_>, enrolment: i64, plan: &LearnerPlan) {
    let Some(extension) = plan.extension else { return };
    let decided = extension.granted.map(|_| ISSUER.to_owned());
    let row = extension::Model {
        id: writing.next_id(),
        enrolment_id: enrolment,
        months: extension.months,
        reason: extension.reason,
        requested_on: extension.requested,
        requested_issuer: ISSUER.to_owned(),
        requested_subject: format!("site-team-{}", seat.code),
        decision: extension.granted.map(|_| extension::Decision::Granted),
        decided_on: extension.granted,
        decided_subject: decided.as_ref().map(|_| seat.hub_team.to_owned()),
        decided_issuer: decided,
        version: if extension.granted.is_some() { 2 } else { 1 },
    };
    writing.extensions.push(row);
}

fn mentor(
    writing: &mut Writing,
    seat: &Seat<'_>,
    enrolment: i64,
    plan: &LearnerPlan,
    state: State,
) {
    let last = plan.events.last().map(|(on, _)| *on).filter(|_| is_over(state));
    let begins = plan.started - Days::new(7);
    if plan.events.last().is_none_or(|(on, _)| *on < begins) {
        return;
    }
    let after = |on: NaiveDate| on + Days::new(1);
    for (kind, name, until) in [
        (MentorKind::GpMentor, "gp-mentor", plan.mentor_until.or(last.map(after))),
        (MentorKind::ExternalVerifier, "verifier", last.map(after)),
    ] {
        let row = mentor_assignment::Model {
            id: writing.next_id(),
            enrolment_id: enrolment,
            kind,
            issuer: ISSUER.to_owned(),
            subject: format!("{name}-{}", seat.code),
            valid_from: begins,
            valid_to: until,
            audit_id: writing.audit_id,
        };
        writing.mentors.push(row);
    }
}

/// As many competencies as the learner has come to, in the framework's order; who was
/// verified has shown all of them.
fn assess(
    writing: &mut Writing,
    seat: &Seat<'_>,
    enrolment: i64,
    plan: &LearnerPlan,
    state: State,
) {
    let all: Vec<_> = seat.framework.competencies().collect();
    let is_through = matches!(state, State::Verified | State::Completed);
    let last = plan.events.last().map_or(plan.started, |(on, _)| *on);
    if !plan.events.iter().any(|(_, state)| *state == State::Started) {
        return;
    }
    let submitted = plan.events.iter().rev().find(|(_, state)| *state == State::Submitted);
    let until = submitted.map_or(last.max(writing.today), |(on, _)| *on);
    let until = if state == State::Withdrawn { last } else { until };
    let span = (until - plan.started).num_days().max(1);
    let progress = if is_through || submitted.is_some() { 1.0 } else { plan.progress * 0.9 };
    let shown = (progress * all.len() as f64) as usize;
    for (index, competency) in all.iter().take(shown + 1).enumerate() {
        if index == shown && (is_through || shown == all.len()) {
            break;
        }
        let day = span * i64::try_from(index + 1).unwrap_or(1)
            / i64::try_from(all.len() + 1).unwrap_or(1);
        let on = plan.started + Days::new(day.unsigned_abs());
        let assessed = if index < shown {
            AssessmentState::Competent
        } else {
            AssessmentState::EvidenceSubmitted
        };
        let row = assessment::Model {
            id: writing.next_id(),
            enrolment_id: enrolment,
            competency_id: competency.row.id,
            revision: 1,
            state: assessed,
            attempt: 1,
            assessed_on: on.min(writing.today),
            issuer: ISSUER.to_owned(),
            subject: format!("verifier-{}", seat.code),
            audit_id: writing.audit_id,
            at: writing.at,
        };
        writing.assessments.push(row);
    }
}

fn reward(writing: &mut Writing, enrolment: i64, plan: &LearnerPlan) {
    let Some((on, _)) = plan.events.last().copied() else { return };
    let row = award::Model {
        id: writing.next_id(),
        enrolment_id: enrolment,
        title: "General Practice Assistant".to_owned(),
        level: 4,
        credits: 20,
        body: "University of Examples (demonstration)".to_owned(),
        awarded_on: on,
        audit_id: writing.audit_id,
    };
    writing.awards.push(row);
}
