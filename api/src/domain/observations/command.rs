//! Recording observations one by one, as integrators and teams do: each item is judged by
//! itself, and what is wrong with one does not hold up the others.

use std::{collections::HashSet, sync::Arc};

use entity::observation::{Source, Status};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::{
    entry::{Entry, Said},
    known::{Known, known},
    record::{Became, Provenance, record_after},
};
use crate::{
    auth::policy::{Permit, Reach},
    domain::{
        error::{Declined, Failure, ProblemCode, invalid},
        findings::{Finding, explained, taken},
        idempotency::{IdempotencyKey, kept, repeated},
        organisations::{OrganisationBy, resolve},
        turn::Turn,
        validation::{self, By},
        viewer::Viewer,
    },
    ids::Month,
};

/// As many items as one command takes.
pub const MOST: usize = 1_000;

/// One thing to record.
#[derive(Debug, Clone)]
pub struct Item {
    /// The metric's code, or `code@version`.
    pub metric: String,
    pub organisation: OrganisationBy,
    pub month: Month,
    pub said: Said,
    /// Why a figure is right that looks wrong.
    pub explanation: Option<String>,
    /// The revision that was read, where somebody else's must not be lost.
    pub expected_revision: Option<i32>,
}

/// Items, and how settled they are: only who has everything in reach may approve.
#[derive(Debug, Clone)]
pub struct RecordObservations {
    pub items: Vec<Item>,
    pub status: Status,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOutcome {
    pub result: ItemResult,
    /// The observation that holds now, if there is one.
    pub observation: Option<i64>,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemResult {
    Created,
    Changed,
    Same,
    Refused,
}

/// Records what can be recorded, in one turn; gives an outcome for each item, in their
/// order, the same for every repetition under the key.
pub async fn record_observations(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RecordObservations,
) -> Result<Vec<ItemOutcome>, Declined> {
    if command.items.is_empty() || command.items.len() > MOST {
        let sentence = format!("send 1 to {MOST} items, not {}", command.items.len());
        return invalid("input.items", ProblemCode::OutOfRange, sentence);
    }
    if command.status != Status::Provisional && permit.reach() != Reach::Everywhere {
        let sentence = "only the programme team records figures as approved: send PROVISIONAL";
        return Err(Failure::Forbidden(sentence.to_owned()).into());
    }
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(repeated(done.answer)?);
            }
            let outcomes = carry_out(&mut turn, &command).await?;
            let recorded = |each: &ItemOutcome| {
                matches!(each.result, ItemResult::Created | ItemResult::Changed)
            };
            if !outcomes.iter().any(recorded) {
                // Nothing was written, so there is nothing to repeat.
                turn.see_before();
                return Ok(outcomes);
            }
            turn.will_answer(kept(&outcomes)?);
            turn.commit(None, 0).await?;
            Ok(outcomes)
        })
        .await
}

async fn carry_out(
    turn: &mut Turn,
    command: &RecordObservations,
) -> Result<Vec<ItemOutcome>, DbErr> {
    let found: Vec<Result<Entry, Finding>> =
        command.items.iter().map(|item| find(turn, item)).collect();
    let entries: Vec<Entry> = found.iter().filter_map(|each| each.clone().ok()).collect();
    let known = known(turn, &entries).await?;
    let mut judged =
        validation::findings(&By::turn(turn), turn.connection(), &entries, &known, &HashSet::new())
            .await?
            .into_iter();
    let (mut good, mut notes, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
    for (item, found) in command.items.iter().zip(found) {
        let mut findings = match &found {
            Err(finding) => vec![finding.clone()],
            Ok(entry) => {
                let mut findings = judged.next().unwrap_or_default();
                findings.extend(clash(entry, item, &known));
                if good.iter().any(|other: &Entry| same_figure(other, entry)) {
                    let sentence = "another item of this command says it too: send it once";
                    findings.push(Finding::error("ALREADY_EXISTS", "metric", sentence));
                }
                findings
            }
        };
        explained(&mut findings, item.explanation.as_deref());
        let is_taken = taken(&findings);
        if let Ok(entry) = found
            && is_taken
        {
            good.push(entry);
            notes.push(item.explanation.clone());
        }
        let result = if is_taken { ItemResult::Same } else { ItemResult::Refused };
        outcomes.push(ItemOutcome { result, observation: None, findings });
    }
    let provenance = Provenance {
        status: command.status,
        source: Source::Recorded,
        return_id: None,
        import_id: None,
    };
    let became = record_after(turn, known, &good, &notes, provenance).await?;
    let taken = outcomes.iter_mut().filter(|each| each.result != ItemResult::Refused);
    for (outcome, became) in taken.zip(became) {
        (outcome.result, outcome.observation) = match became {
            Became::Created(id) => (ItemResult::Created, Some(id)),
            Became::Changed(id) => (ItemResult::Changed, Some(id)),
            Became::Same(id) => (ItemResult::Same, Some(id)),
            Became::Nothing => (ItemResult::Same, None),
        };
    }
    Ok(outcomes)
}

fn same_figure(one: &Entry, other: &Entry) -> bool {
    one.organisation.id() == other.organisation.id()
        && one.definition.row.series_id == other.definition.row.series_id
        && one.month == other.month
}

/// What an item names, if it is there and within reach.
fn find(turn: &Turn, item: &Item) -> Result<Entry, Finding> {
    let catalogue = turn.catalogue();
    let definition = match item.metric.split_once('@') {
        None => catalogue.in_effect(&item.metric, item.month).cloned(),
        Some(_) => catalogue.lines(&item.metric).map(|lines| lines.newest),
    };
    let definition = definition.ok_or_else(|| {
        let sentence = format!("there is no metric {:?}: see metrics", item.metric);
        Finding::error("NOT_FOUND", "metric", sentence)
    })?;
    let directory = turn.directory();
    let found = resolve(directory, &item.organisation, item.month.last_day());
    let within = |organisation: &&Arc<_>| {
        directory.covers(&turn.permit().reach(), organisation, turn.today())
    };
    let organisation = found.filter(within).ok_or_else(|| {
        let sentence = "there is no such organisation within your reach";
        Finding::error("NOT_FOUND", "organisation", sentence)
    })?;
    Ok(Entry {
        definition,
        organisation: organisation.clone(),
        month: item.month,
        said: item.said,
        persons: Vec::new(),
    })
}

/// What keeps an item from following what is recorded already.
fn clash(entry: &Entry, item: &Item, known: &Known) -> Option<Finding> {
    let key = (entry.organisation.id(), entry.definition.row.series_id, entry.month);
    let before = known.get(&key);
    let revision = before.map_or(0, |row| row.revision);
    let expected = item.expected_revision.unwrap_or(revision);
    (expected != revision).then(|| {
        let sentence = format!("it is at revision {revision} by now: read it again");
        Finding::error("REVISION_CONFLICT", "expectedRevision", sentence)
    })
}
