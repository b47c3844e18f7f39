//! Filling in a return: whatever is found about the figures comes back at once, and holds
//! nothing up until the return is submitted.

use std::sync::Arc;

use entity::{
    change::ChangeType,
    monthly_return::{self, State},
    return_value,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    Return, ReturnState,
    answers::{Answer, Filled, entries, fill, judge, kept},
    newest, open,
    schedule::{Schedule, last_ended},
};
use crate::{
    auth::policy::Permit,
    domain::{
        directory::organisation::Organisation,
        error::{Declined, Failure, ProblemCode, Problems},
        findings::Finding,
        metrics::catalogue::Catalogue,
        observations::{Said, known},
        organisations::{OrganisationBy, resolve},
        turn::{Turn, insert},
        viewer::Viewer,
    },
    ids::Month,
};

/// What somebody fills in: everything that the return then says.
#[derive(Debug, Clone)]
pub struct SaveReturnDraft {
    pub schedule: i64,
    pub organisation: OrganisationBy,
    pub month: Month,
    /// The version that was read; 0 for a return that nobody has begun.
    pub expected_version: i32,
    pub answers: Vec<Answer>,
    /// There was nothing to count: every metric is answered NIL.
    pub nil: bool,
    /// Only look at it: nothing is saved.
    pub dry_run: bool,
}

/// The return as it is saved, or would be, with what is found about it.
#[derive(Debug, Clone)]
pub struct Drafted {
    pub it: Return,
    pub findings: Vec<Finding>,
    pub saved: bool,
}

/// Saves the draft, unless it is only tried.
pub async fn save(
    viewer: &Viewer,
    permit: Permit,
    command: SaveReturnDraft,
) -> Result<Drafted, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let mut it = find(&turn, &command).await?;
            open::at_version(&turn, &it, command.expected_version)?;
            let filled = check(&turn, &it, &command)?;
            let known = known(&turn, &entries(&it, &filled)).await?;
            let findings = judge(&turn, &it, &filled, &known).await?;
            let id = it.row.as_ref().map_or(0, |row| row.id);
            it.values = newest(rows(&filled, id));
            if command.dry_run {
                turn.see_before();
                return Ok(Drafted { it, findings, saved: false });
            }
            write(&mut turn, &mut it, &filled).await?;
            let it = open::commit(turn, it, ChangeType::ReturnSaved, None).await?;
            Ok(Drafted { it, findings, saved: true })
        })
        .await
}

async fn find(turn: &Turn, command: &SaveReturnDraft) -> Result<Return, Failure> {
    let schedule = turn.catalogue().schedules().find(command.schedule);
    let schedule = schedule.ok_or(Failure::NotFound)?.clone();
    let day = command.month.last_day();
    let organisation = resolve(turn.directory(), &command.organisation, day);
    let organisation = organisation.ok_or(Failure::NotFound)?.clone();
    open::permitted(turn, &organisation)?;
    open::of(turn, schedule, organisation, command.month).await
}

fn check(turn: &Turn, it: &Return, command: &SaveReturnDraft) -> Result<Vec<Filled>, Declined> {
    let mut problems = Problems::default();
    let ended = last_ended(turn.today());
    if command.month > ended {
        let sentence = format!("{} has not ended: the newest return is for {ended}", it.month);
        problems.add("input.month", ProblemCode::OutOfRange, sentence);
    } else if it.row.is_none() && !it.schedule.owes(&it.organisation, it.month) {
        let sentence = "the organisation does not owe this return: see returns";
        problems.add("input.organisation", ProblemCode::NotFound, sentence);
    }
    if command.nil && !command.answers.is_empty() {
        let sentence = "a nil return answers everything: leave the values out";
        problems.add("input.values", ProblemCode::Contradiction, sentence);
    }
    let answers = command.answers.clone();
    let catalogue = turn.catalogue();
    let mut filled = fill(catalogue, &it.schedule, it.month, answers, &mut problems);
    problems.check()?;
    let open = [ReturnState::NotStarted, ReturnState::Draft, ReturnState::Returned];
    open::in_state(it, &open, "it has to be sent back, or restated, to say something else")?;
    if command.nil {
        for each in &mut filled {
            each.said = Some(Said::Nil);
        }
    }
    Ok(filled)
}

fn rows(filled: &[Filled], return_id: i64) -> Vec<return_value::Model> {
    let told = filled.iter().filter(|each| each.said.is_some() || each.explanation.is_some());
    told.map(|each| each.row(return_id, 1)).collect()
}

async fn write(turn: &mut Turn, it: &mut Return, filled: &[Filled]) -> Result<(), Failure> {
    match &mut it.row {
        Some(row) => row.state = State::Draft,
        None => it.row = Some(begun(it, turn.next_row_id())),
    }
    open::write(turn, it).await?;
    let id = it.row.as_ref().map_or(0, |row| row.id);
    return_value::Entity::delete_many()
        .filter(return_value::Column::ReturnId.eq(id))
        .exec(turn.connection())
        .await?;
    let rows = rows(filled, id);
    it.values = newest(rows.clone());
    Ok(insert::<return_value::Entity>(turn.connection(), rows).await?)
}

/// A return that is begun: writing it makes this its first version.
fn begun(it: &Return, id: i64) -> monthly_return::Model {
    monthly_return::Model {
        id,
        schedule_id: it.schedule.row.id,
        organisation_id: it.organisation.id(),
        month: it.month.stored(),
        state: State::Draft,
        version: 0,
        first_submitted_at: None,
        submitted_at: None,
        submitted_issuer: None,
        submitted_subject: None,
        decided_at: None,
        decided_issuer: None,
        decided_subject: None,
        reason: None,
        note: None,
    }
}

/// The schedule by which an organisation owes an answer to a metric for a month.
pub(in crate::domain) fn asks(
    catalogue: &Catalogue,
    organisation: &Organisation,
    metric: &str,
    month: Month,
) -> Option<Arc<Schedule>> {
    let schedules = catalogue.schedules().all().iter();
    let mut asking =
        schedules.filter(|schedule| schedule.metrics.iter().any(|code| code == metric));
    asking.find(|schedule| schedule.owes(organisation, month)).cloned()
}

/// Fills in a return with what a file says of some of its metrics; the other answers stay
/// as they were. The return must be open, and the file judged before.
pub(in crate::domain) async fn fill_in(
    turn: &mut Turn,
    schedule: Arc<Schedule>,
    organisation: Arc<Organisation>,
    month: Month,
    answers: Vec<Answer>,
) -> Result<(), Declined> {
    let mut it = open::of(turn, schedule, organisation, month).await?;
    let open = [ReturnState::NotStarted, ReturnState::Draft, ReturnState::Returned];
    open::in_state(&it, &open, "it has to be sent back before a file can fill it in")?;
    let mut problems = Problems::default();
    let before = kept(turn.catalogue(), &it);
    let mut filled = fill(turn.catalogue(), &it.schedule, month, answers, &mut problems);
    problems.check()?;
    for each in filled.iter_mut().filter(|each| each.said.is_none()) {
        let code = &each.definition.row.code;
        if let Some(kept) = before.iter().find(|kept| kept.definition.row.code == *code) {
            *each = kept.clone();
        }
    }
    write(turn, &mut it, &filled).await?;
    open::say(turn, &it, ChangeType::ReturnSaved, None);
    Ok(())
}
