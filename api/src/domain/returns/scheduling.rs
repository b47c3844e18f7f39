//! Saying which organisations owe which figures, and from which month on no longer.

use std::sync::Arc;

use entity::{change::ChangeType, organisation::Kind, return_schedule};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::schedule::Schedule;
use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        metrics::england,
        observations::observable,
        organisations::{OrganisationBy, in_words, resolve},
        text,
        turn::{Said, Turn},
        viewer::Viewer,
    },
    ids::Month,
};

/// The most metrics that one return asks for.
const MOST: usize = 100;

/// Which organisations owe what from when on, and how long after a month it is due.
#[derive(Debug, Clone)]
pub struct ScheduleReturns {
    pub title: String,
    /// The codes of the metrics, in the order of the form.
    pub metrics: Vec<String>,
    pub owed_by: Kind,
    /// Only those that lie within this one.
    pub within: Option<OrganisationBy>,
    pub first_month: Month,
    pub last_month: Option<Month>,
    pub due_days: i32,
}

/// Schedules the returns; gives the schedule's id.
pub async fn schedule(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: ScheduleReturns,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let mut problems = Problems::default();
            let title = text::name(&command.title, "input.title", &mut problems);
            let within = within(&turn, &command, &mut problems);
            check(&turn, &command, within.as_deref(), &mut problems);
            problems.check()?;
            let row = return_schedule::Model {
                id: turn.next_row_id(),
                title,
                metrics: serde_json::json!(command.metrics).to_string(),
                owed_by: command.owed_by,
                within_id: within.as_ref().map(|place| place.id()),
                first_month: command.first_month.stored(),
                last_month: command.last_month.map(Month::stored),
                due_days: command.due_days,
                version: 1,
            };
            let id = row.id;
            say(&mut turn, &row, None);
            let model = row.into_active_model();
            return_schedule::Entity::insert(model)
                .exec_without_returning(turn.connection())
                .await?;
            turn.commit(None, id).await?;
            Ok(id)
        })
        .await
}

/// The last month that a schedule asks for.
#[derive(Debug, Clone, Copy)]
pub struct EndReturnSchedule {
    pub schedule: i64,
    pub expected_version: i32,
    pub last_month: Month,
}

/// Ends the schedule after a month; returns of later ones are owed no longer. Gives its id.
pub async fn end(
    viewer: &Viewer,
    permit: Permit,
    command: EndReturnSchedule,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let known = turn.catalogue().schedules().find(command.schedule).cloned();
            let known = known.ok_or(Failure::NotFound)?;
            if known.row.version != command.expected_version {
                turn.see_before();
                return Err(Declined::VersionConflict(command.schedule));
            }
            let last = command.last_month;
            if last < known.first {
                let sentence = format!("it begins with {}: end it then or later", known.first);
                return invalid("input.lastMonth", ProblemCode::OutOfRange, sentence);
            }
            if known.last.is_some_and(|end| end < last) {
                let sentence = "it ends earlier already: schedule what comes after it anew";
                return invalid("input.lastMonth", ProblemCode::Contradiction, sentence);
            }
            let row = return_schedule::Model {
                last_month: Some(last.stored()),
                version: known.row.version + 1,
                ..known.row.clone()
            };
            say(&mut turn, &row, Some(&known.row));
            row.into_active_model().reset_all().update(turn.connection()).await?;
            turn.commit(None, command.schedule).await?;
            Ok(command.schedule)
        })
        .await
}

/// The place that the schedule is for; the programme is everywhere, and so no place.
fn within(
    turn: &Turn,
    command: &ScheduleReturns,
    problems: &mut Problems,
) -> Option<Arc<Organisation>> {
    let by = command.within.as_ref()?;
    let found = resolve(turn.directory(), by, command.first_month.last_day());
    if found.is_none() {
        let sentence = format!("there is no organisation {by}");
        problems.add("input.within", ProblemCode::NotFound, sentence);
    }
    if found.is_some_and(|place| place.kind() == Kind::Provider) {
        let sentence = "nobody lies within a provider";
        problems.add("input.within", ProblemCode::WrongKind, sentence);
    }
    found.filter(|place| place.kind() != Kind::Programme).cloned()
}

fn check(
    turn: &Turn,
    command: &ScheduleReturns,
    within: Option<&Organisation>,
    problems: &mut Problems,
) {
    if matches!(command.owed_by, Kind::Programme | Kind::Provider) {
        let sentence = format!("{} owes no returns", in_words(command.owed_by));
        problems.add("input.owedBy", ProblemCode::WrongKind, sentence);
    }
    if command.last_month.is_some_and(|last| last < command.first_month) {
        let sentence = "the last month lies before the first";
        problems.add("input.lastMonth", ProblemCode::OutOfRange, sentence);
    }
    if !(0..=365).contains(&command.due_days) {
        let sentence = "a return is due 0 to 365 days after its month";
        problems.add("input.dueDays", ProblemCode::OutOfRange, sentence);
    }
    if command.metrics.is_empty() || command.metrics.len() > MOST {
        let sentence = format!("a return asks for 1 to {MOST} metrics");
        problems.add("input.metrics", ProblemCode::OutOfRange, sentence);
    }
    for (before, code) in command.metrics.iter().enumerate() {
        if command.metrics[..before].contains(code) {
            let sentence = format!("{code} is asked for twice");
            problems.add("input.metrics", ProblemCode::AlreadyExists, sentence);
        } else {
            check_metric(turn, command, code, problems);
        }
    }
    let schedules = turn.catalogue().schedules().all();
    for other in schedules.iter().filter(|other| meet(other, command, within, turn)) {
        let twice = command.metrics.iter().filter(|code| other.metrics.contains(code));
        for code in twice {
            let title = &other.row.title;
            let sentence = format!("{title:?} asks the same organisations for {code} already");
            problems.add("input.metrics", ProblemCode::Contradiction, sentence);
        }
    }
}

fn check_metric(turn: &Turn, command: &ScheduleReturns, code: &str, problems: &mut Problems) {
    let Some(definition) = turn.catalogue().newest(code) else {
        let sentence = format!("there is no published metric {code:?}: see metrics");
        return problems.add("input.metrics", ProblemCode::NotFound, sentence);
    };
    if let Some(derivation) = &definition.derivation {
        let sentence = format!("{code} is worked out ({derivation}), never reported");
        problems.add("input.metrics", ProblemCode::WrongKind, sentence);
    }
    if !observable(definition, command.owed_by) {
        let sentence = format!("{code} is not observed of {}", in_words(command.owed_by));
        problems.add("input.metrics", ProblemCode::WrongKind, sentence);
    }
    if command.first_month < Month::of(definition.row.effective_from) {
        let from = Month::of(definition.row.effective_from);
        let sentence = format!("{code} speaks of {from} and later");
        problems.add("input.firstMonth", ProblemCode::OutOfRange, sentence);
    }
}

/// Whether both may ask one organisation for the same month. Different places of one kind
/// share nobody; of any other two places that is not known ahead.
fn meet(
    other: &Schedule,
    command: &ScheduleReturns,
    within: Option<&Organisation>,
    turn: &Turn,
) -> bool {
    let other_place = other.row.within_id.and_then(|id| turn.directory().find(id));
    let apart = within
        .zip(other_place)
        .is_some_and(|(one, other)| one.kind() == other.kind() && one.id() != other.id());
    let before = |last: Option<Month>, first| last.is_some_and(|last| last < first);
    other.row.owed_by == command.owed_by
        && !apart
        && !before(other.last, command.first_month)
        && !before(command.last_month, other.first)
}

fn say(turn: &mut Turn, row: &return_schedule::Model, before: Option<&return_schedule::Model>) {
    let Some(organisation_id) = row.within_id.or_else(|| england(turn.directory())) else { return };
    let in_words = |row: &return_schedule::Model| {
        let month = |stored| Month::read(stored).map_or(String::new(), |month| month.to_string());
        let to = row.last_month.map(|last| format!(" to {}", month(last))).unwrap_or_default();
        format!("{} from {}{to}", row.title, month(row.first_month))
    };
    turn.say(Said {
        organisation_id,
        change_type: ChangeType::ReturnsScheduled,
        effective_on: Month::read(row.first_month).map(Month::first_day),
        before: before.map(in_words),
        after: Some(in_words(row)),
        node: None,
    });
}
