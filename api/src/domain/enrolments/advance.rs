//! Taking an enrolment from one state to another: every command that does goes through
//! the one table, and is held to what it requires.

use chrono::NaiveDate;
use entity::{
    change::ChangeType,
    enrolment::{ExitReason, State},
    mentor_assignment::MentorKind,
};
use sea_orm::ActiveEnum;

use super::{
    completion,
    open::{self, Tale},
    transitions::{self, Requirement},
};
use crate::{
    auth::policy::Permit,
    domain::{
        cohorts::{MONTHS, months_after, places_taken, starts_at},
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        records::Enrolment,
        turn::Turn,
        viewer::Viewer,
    },
};

/// What becomes of an enrolment.
#[derive(Debug, Clone, Copy)]
pub struct AdvanceEnrolment {
    pub enrolment: i64,
    pub expected_version: i32,
    pub to: State,
    /// The day on which it did; today, unless it says otherwise.
    pub on: Option<NaiveDate>,
    /// Why it ends, where it does before it is completed.
    pub reason: Option<ExitReason>,
}

/// Takes the enrolment to another state; gives its id.
pub async fn advance(
    viewer: &Viewer,
    permit: Permit,
    command: AdvanceEnrolment,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let it = open::permitted_version(&turn, command.enrolment, command.expected_version)?;
            let from = it.row.state;
            let by = turn.permit().action();
            let step = transitions::find(from, command.to).filter(|step| step.by == by);
            let Some(step) = step else {
                let sentence = transitions::in_words(from);
                return invalid("input.to", ProblemCode::Contradiction, sentence);
            };
            let mut problems = Problems::default();
            let on = open::day(&turn, &it, command.on, "input.on", &mut problems);
            for requirement in step.requires {
                check(&turn, &it, *requirement, on, &mut problems);
            }
            problems.check()?;
            if step.requires.contains(&Requirement::CoreCompetencies) {
                check_completion(&turn, &it).await?;
            }
            let mut row = it.row;
            row.state = command.to;
            row.exit_reason = command.reason.filter(|_| needs_reason(step.requires));
            if from == State::Accepted && command.to == State::Started {
                row.due_on = Some(months_after(on, MONTHS));
            }
            open::write(&mut turn, &mut row, on).await?;
            let change_type = ChangeType::EnrolmentAdvanced;
            let (before, after) = (Some(from.to_value()), Some(row.state.to_value()));
            open::say(&mut turn, row.id, row.site_id, Tale { change_type, on, before, after });
            turn.commit(Some(row.site_id), row.id).await?;
            Ok(row.id)
        })
        .await
}

fn needs_reason(requires: &[Requirement]) -> bool {
    requires.contains(&Requirement::Reason)
}

/// What the rows in memory can say; completion is looked up.
fn check(
    turn: &Turn,
    it: &Enrolment,
    requirement: Requirement,
    on: NaiveDate,
    problems: &mut Problems,
) {
    let records = turn.records();
    let Some(cohort) = records.cohort(it.row.cohort_id) else { return };
    match requirement {
        Requirement::PlaceLeft => {
            if places_taken(records, cohort.id) >= cohort.places {
                let sentence = format!("all {} places of its cohort are taken", cohort.places);
                problems.add("input.to", ProblemCode::Contradiction, sentence);
            }
        }
        Requirement::CohortDates => {
            if let Err(sentence) = starts_at(cohort, on) {
                problems.add("input.on", ProblemCode::OutOfRange, sentence);
            }
        }
        Requirement::GpMentor => {
            if !it.has_mentor(MentorKind::GpMentor, on) {
                let sentence =
                    format!("no GP mentor is assigned on {on}: assignMentor first, from that day");
                problems.add("input.to", ProblemCode::Contradiction, sentence);
            }
        }
        // The command cannot be sent without a reason, and competencies are looked up.
        Requirement::CoreCompetencies | Requirement::Reason => {}
    }
}

async fn check_completion(turn: &Turn, it: &Enrolment) -> Result<(), Declined> {
    let missing = completion::missing(turn.connection(), &it.row).await.map_err(Failure::from)?;
    let mut problems = Problems::default();
    for (code, title) in missing {
        let sentence = format!("{code} ({title}) is not COMPETENT yet");
        problems.add("input.to", ProblemCode::Contradiction, sentence);
    }
    problems.check()
}
