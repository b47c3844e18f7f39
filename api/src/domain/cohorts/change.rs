//! Changing a cohort, and closing it to applications.

use chrono::NaiveDate;
use entity::{change::ChangeType, cohort};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{check, places_taken, say};
use crate::{
    auth::{action::Action, policy::Permit},
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        organisations::OrganisationBy,
        records::reach::Within,
        text,
        turn::Turn,
        viewer::Viewer,
    },
};

/// What becomes another; what is None stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ChangeCohort {
    pub cohort: i64,
    pub expected_version: i32,
    pub name: Option<String>,
    pub places: Option<i32>,
    pub provider: Option<OrganisationBy>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
}

/// Changes the cohort; its dates stay once somebody has started.
pub async fn change(
    viewer: &Viewer,
    permit: Permit,
    command: ChangeCohort,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let before = opened(&turn, command.cohort, command.expected_version)?;
            let mut row = before.clone();
            let mut problems = Problems::default();
            if let Some(name) = &command.name {
                row.name = text::name(name, "input.name", &mut problems);
            }
            if let Some(by) = &command.provider {
                row.provider_id = check::provider(&turn, by, &mut problems);
            }
            row.places = command.places.unwrap_or(row.places);
            row.starts_on = command.starts_on.unwrap_or(row.starts_on);
            row.ends_on = command.ends_on.unwrap_or(row.ends_on);
            check::places(row.places, places_taken(turn.records(), row.id), &mut problems);
            check::dates(row.kind, row.starts_on, row.ends_on, &mut problems);
            check_started(&turn, &before, &row, &mut problems);
            problems.check()?;
            if row == before {
                return invalid("input", ProblemCode::Unchanged, "it is so already");
            }
            close_turn(turn, row, before).await
        })
        .await
}

fn check_started(
    turn: &Turn,
    before: &cohort::Model,
    row: &cohort::Model,
    problems: &mut Problems,
) {
    let mut enrolments = turn.records().of_cohort(row.id);
    let moved = (row.starts_on, row.ends_on) != (before.starts_on, before.ends_on);
    if moved && enrolments.any(|enrolment| enrolment.started_on().is_some()) {
        let path =
            if row.starts_on == before.starts_on { "input.endsOn" } else { "input.startsOn" };
        let sentence = "somebody has started: the dates of their cohort stay";
        problems.add(path, ProblemCode::Contradiction, sentence);
    }
}

/// A cohort, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct CloseCohort {
    pub cohort: i64,
    pub expected_version: i32,
    /// The first day on which nobody can apply; today, unless it says otherwise.
    pub closed_on: Option<NaiveDate>,
}

/// Closes the cohort to applications; whoever is in it goes on.
pub async fn close(viewer: &Viewer, permit: Permit, command: CloseCohort) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let before = opened(&turn, command.cohort, command.expected_version)?;
            let closed_on = command.closed_on.unwrap_or_else(|| turn.today());
            if let Some(day) = before.closed_on {
                let sentence = format!("it is closed since {day}");
                return invalid("input.id", ProblemCode::Unchanged, sentence);
            }
            let applied = turn.records().of_cohort(before.id).filter_map(|it| it.events.first());
            let last = applied.map(|event| event.occurred_on).max();
            if let Some(last) = last.filter(|last| *last >= closed_on) {
                let sentence = format!("somebody applied on {last}: close it after that day");
                return invalid("input.closedOn", ProblemCode::Contradiction, sentence);
            }
            let row = cohort::Model { closed_on: Some(closed_on), ..before.clone() };
            close_turn(turn, row, before).await
        })
        .await
}

/// The cohort, if the caller may see and change it, as they have read it.
fn opened(turn: &Turn, id: i64, expected: i32) -> Result<cohort::Model, Declined> {
    let (directory, records) = (turn.directory(), turn.records());
    let row = records.cohort(id).ok_or(Failure::NotFound)?;
    let viewer = turn.viewer();
    let seen = Within::new(viewer, directory, records, viewer.reach(Action::ReadCohorts));
    if !seen.cohort(row) {
        return Err(Failure::NotFound.into());
    }
    if !Within::new(viewer, directory, records, turn.permit().reach())
        .organisation(row.training_hub_id)
    {
        let sentence = "it is another training hub's cohort";
        return Err(Failure::Forbidden(sentence.to_owned()).into());
    }
    if row.version != expected {
        turn.see_before();
        return Err(Declined::VersionConflict(id));
    }
    Ok(cohort::Model::clone(row))
}

async fn close_turn(
    mut turn: Turn,
    mut row: cohort::Model,
    before: cohort::Model,
) -> Result<i64, Declined> {
    row.version += 1;
    let (id, hub) = (row.id, row.training_hub_id);
    let was = format!("{}: {} places", before.name, before.places);
    say(&mut turn, &row, ChangeType::CohortChanged, Some(was));
    row.into_active_model().reset_all().update(turn.connection()).await?;
    turn.commit(Some(hub), id).await?;
    Ok(id)
}
