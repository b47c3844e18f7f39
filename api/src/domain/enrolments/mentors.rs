//! Who supports or verifies a learner, and from when to when.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    enrolment::State,
    mentor_assignment::{self, MentorKind},
};
use sea_orm::{ActiveEnum, ActiveModelTrait, IntoActiveModel};

use super::open::{self, Tale};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        records::{Enrolment, enrolment::is_over},
        timeline::overlap,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

const LONGEST: usize = 200;

/// Who is assigned, in which part.
#[derive(Debug, Clone)]
pub struct AssignMentor {
    pub enrolment: i64,
    pub kind: MentorKind,
    pub subject: String,
    /// Who issues that person's tokens: the caller's issuer, unless it says otherwise.
    pub issuer: Option<String>,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// Assigns the person; gives the assignment's id.
pub async fn assign(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: AssignMentor,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let it = open::permitted(&turn, command.enrolment)?;
            let issuer = turn.holder()?.issuer;
            let issuer = command.issuer.clone().unwrap_or(issuer);
            check(&it, &command, &issuer)?;
            let (id, site) = (it.row.id, it.row.site_id);
            let after = Some(command.kind.to_value());
            let change_type = ChangeType::MentorAssigned;
            let tale = Tale { change_type, on: command.from, before: None, after };
            open::say(&mut turn, id, site, tale);
            let row = mentor_assignment::Model {
                id: turn.next_row_id(),
                enrolment_id: id,
                kind: command.kind,
                issuer,
                subject: command.subject,
                valid_from: command.from,
                valid_to: command.to,
                audit_id: turn.audit(Some(site)).await?,
            };
            let assigned = row.id;
            insert::<mentor_assignment::Entity>(turn.connection(), vec![row]).await?;
            turn.commit(Some(site), assigned).await?;
            Ok(assigned)
        })
        .await
}

fn check(it: &Enrolment, command: &AssignMentor, issuer: &str) -> Result<(), Declined> {
    let mut problems = Problems::default();
    for (path, text) in [("input.subject", command.subject.as_str()), ("input.issuer", issuer)] {
        let plain = !text.chars().any(char::is_control) && text.trim() == text;
        if text.is_empty() || !plain || text.len() > LONGEST {
            let sentence = format!("send 1 to {LONGEST} characters, as their tokens spell it");
            problems.add(path, ProblemCode::Malformed, sentence);
        }
    }
    if is_over(it.row.state) {
        let sentence = "it is over: nobody is assigned to it any more";
        problems.add("input.enrolment", ProblemCode::Contradiction, sentence);
    }
    if command.to.is_some_and(|to| to <= command.from) {
        let sentence = "send the first day on which it is over, after from";
        problems.add("input.to", ProblemCode::OutOfRange, sentence);
    }
    let same = |row: &&mentor_assignment::Model| {
        (row.kind, &*row.issuer, &row.subject) == (command.kind, issuer, &command.subject)
            && overlap((row.valid_from, row.valid_to), (command.from, command.to))
    };
    if it.mentors.iter().find(same).is_some() {
        let sentence = "that person is assigned in that part already on some of these days";
        problems.add("input.from", ProblemCode::AlreadyExists, sentence);
    }
    problems.check()
}

/// When an assignment ends.
#[derive(Debug, Clone, Copy)]
pub struct EndMentorAssignment {
    pub assignment: i64,
    /// The enrolment's version, as it was read.
    pub expected_version: i32,
    /// The first day on which it is over; today, unless it says otherwise.
    pub to: Option<NaiveDate>,
}

/// Ends the assignment; gives the enrolment's id.
pub async fn end(
    viewer: &Viewer,
    permit: Permit,
    command: EndMentorAssignment,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let named = |row: &mentor_assignment::Model| row.id == command.assignment;
            let found = {
                let mut all = turn.records().enrolments();
                all.find(|each| each.mentors.iter().any(named)).map(|each| each.row.id)
            };
            let found = found.ok_or(Failure::NotFound)?;
            let mut it = open::permitted_version(&turn, found, command.expected_version)?;
            let to = command.to.unwrap_or_else(|| turn.today());
            let row = it.mentors.iter_mut().find(|row| named(row)).ok_or(Failure::NotFound)?;
            if row.valid_to.is_some_and(|known| known <= to) {
                let sentence = "it is over by then already";
                return invalid("input.to", ProblemCode::Unchanged, sentence);
            }
            if to <= row.valid_from {
                let sentence = format!("it began on {}: end it after that day", row.valid_from);
                return invalid("input.to", ProblemCode::OutOfRange, sentence);
            }
            row.valid_to = Some(to);
            let row = row.clone();
            if let Some(day) = start_without_mentor(&it) {
                let sentence = format!(
                    "the learner started on {day}, which takes a GP mentor: end it after that day"
                );
                return invalid("input.to", ProblemCode::Contradiction, sentence);
            }
            let (id, site) = (it.row.id, it.row.site_id);
            let change_type = ChangeType::MentorAssigned;
            let before = Some(row.kind.to_value());
            open::say(&mut turn, id, site, Tale { change_type, on: to, before, after: None });
            row.into_active_model().reset_all().update(turn.connection()).await?;
            turn.commit(Some(site), id).await?;
            Ok(id)
        })
        .await
}

/// The day of a start, or of a return from a pause, on which no GP mentor was assigned.
fn start_without_mentor(it: &Enrolment) -> Option<NaiveDate> {
    let before = std::iter::once(None).chain(it.events.iter().map(|event| Some(event.state)));
    let starts =
        it.events.iter().zip(before).filter(|(event, before)| {
            event.state == State::Started && *before != Some(State::Started)
        });
    let mut days = starts.map(|(event, _)| event.occurred_on);
    days.find(|day| !it.has_mentor(MentorKind::GpMentor, *day))
}
