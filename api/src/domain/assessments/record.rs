//! Recording assessments in batches, as assessors, hubs and their portfolios do: each
//! item is judged by itself, and what is wrong with one does not hold up the others.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::{
    assessment::{self, AssessmentState},
    change::{ChangeType, NodeType},
    role_model::RoleModel,
};
use serde::{Deserialize, Serialize};

use super::{
    rows,
    rules::{self, Asked, Verdict},
};
use crate::{
    auth::{actor::Holder, policy::Permit},
    domain::{
        error::{Declined, Failure, ProblemCode, invalid},
        findings::Finding,
        idempotency::{IdempotencyKey, kept, repeated},
        learners::Identifier,
        observations::command::ItemResult,
        programme::content::Competency,
        records::{Enrolment, Records, enrolment::is_over, reach::Within},
        turn::{Said, Turn, insert},
        viewer::Viewer,
    },
};

/// As many items as one command takes.
pub const MOST: usize = 500;

/// One way to name an enrolment.
#[derive(Debug, Clone)]
pub enum EnrolmentBy {
    Id(i64),
    /// That of the learner, which is not over.
    Learner(Identifier),
}

/// One thing to record.
#[derive(Debug, Clone)]
pub struct Item {
    pub enrolment: EnrolmentBy,
    /// The competency's code, in the version of the framework that it started with.
    pub competency: String,
    pub state: AssessmentState,
    pub assessed_on: NaiveDate,
    /// The revision that was read, 0 for none.
    pub expected_revision: Option<i32>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOutcome {
    pub result: ItemResult,
    /// The enrolment, if it was found.
    pub enrolment: Option<i64>,
    /// The assessment that holds now, if there is one.
    pub assessment: Option<i64>,
    pub findings: Vec<Finding>,
}

/// Records what can be recorded, in one turn; gives an outcome for each item, in their
/// order, the same for every repetition under the key.
pub async fn record(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    items: Vec<Item>,
) -> Result<Vec<ItemOutcome>, Declined> {
    if items.is_empty() || items.len() > MOST {
        let sentence = format!("send 1 to {MOST} items, not {}", items.len());
        return invalid("input.items", ProblemCode::OutOfRange, sentence);
    }
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(repeated(done.answer)?);
            }
            let mut batch = judge_all(&mut turn, &items).await?;
            if batch.rows.is_empty() {
                // Nothing was written, so there is nothing to repeat.
                turn.see_before();
                return Ok(batch.outcomes);
            }
            let about = write(&mut turn, &mut batch).await?;
            turn.will_answer(kept(&batch.outcomes)?);
            turn.commit(about, 0).await?;
            Ok(batch.outcomes)
        })
        .await
}

/// What an item names.
struct Found {
    enrolment: Arc<Enrolment>,
    competency: Arc<Competency>,
}

/// Items that were judged, and the rows that are to be written of them.
struct Batch {
    outcomes: Vec<ItemOutcome>,
    rows: Vec<assessment::Model>,
}

async fn judge_all(turn: &mut Turn, items: &[Item]) -> Result<Batch, Failure> {
    let holder = turn.holder()?;
    let found: Vec<_> = items.iter().map(|item| find(turn, &holder, item)).collect();
    let enrolments: BTreeSet<i64> = found.iter().flatten().map(|it| it.enrolment.row.id).collect();
    let newest = rows::newest_of(turn.connection(), enrolments).await?;
    let rows = newest.into_values().flatten();
    let mut newest: HashMap<(i64, i64), assessment::Model> =
        rows.map(|row| ((row.enrolment_id, row.competency_id), row)).collect();
    let mut batch = Batch { outcomes: Vec::with_capacity(items.len()), rows: Vec::new() };
    for (item, found) in items.iter().zip(found) {
        let outcome = |result, enrolment, assessment, findings| ItemOutcome {
            result,
            enrolment,
            assessment,
            findings,
        };
        let found = match found {
            Ok(found) => found,
            Err(finding) => {
                batch.outcomes.push(outcome(ItemResult::Refused, None, None, vec![finding]));
                continue;
            }
        };
        let key = (found.enrolment.row.id, found.competency.row.id);
        // An earlier item of the batch counts as said.
        let before = newest.get(&key);
        let known = before.map(|row| row.id);
        let (result, assessment, findings) = match rules::judge(&asked(turn, item, &found, before))
        {
            Ok(Verdict::Same) => (ItemResult::Same, known, Vec::new()),
            Err(findings) => (ItemResult::Refused, known, findings),
            Ok(Verdict::Next { revision, attempt }) => {
                let row = row(turn, &holder, item, key, (revision, attempt));
                let id = row.id;
                batch.rows.push(row.clone());
                newest.insert(key, row);
                let first = known.is_none();
                let result = if first { ItemResult::Created } else { ItemResult::Changed };
                (result, Some(id), Vec::new())
            }
        };
        batch.outcomes.push(outcome(result, Some(key.0), assessment, findings));
    }
    Ok(batch)
}

fn asked<'a>(
    turn: &Turn,
    item: &Item,
    found: &'a Found,
    before: Option<&'a assessment::Model>,
) -> Asked<'a> {
    let part = turn.records().participation(found.enrolment.row.site_id);
    Asked {
        enrolment: &found.enrolment,
        competency: &found.competency.row,
        role_model: part.map_or(RoleModel::Undecided, |row| row.role_model),
        before,
        state: item.state,
        on: item.assessed_on,
        today: turn.today(),
        expected_revision: item.expected_revision,
    }
}

/// The row of an item, but for the audit's id.
fn row(
    turn: &mut Turn,
    holder: &Holder,
    item: &Item,
    (enrolment_id, competency_id): (i64, i64),
    (revision, attempt): (i32, i32),
) -> assessment::Model {
    assessment::Model {
        id: turn.next_row_id(),
        enrolment_id,
        competency_id,
        revision,
        state: item.state,
        attempt,
        assessed_on: item.assessed_on,
        issuer: holder.issuer.clone(),
        subject: holder.subject.clone(),
        audit_id: 0,
        at: turn.at(),
    }
}

/// What an item names, if it is there, within reach and somebody else's.
fn find(turn: &Turn, holder: &Holder, item: &Item) -> Result<Found, Finding> {
    let (directory, records) = (turn.directory(), turn.records());
    let within = Within::new(turn.viewer(), directory, records, turn.permit().reach());
    let named = match &item.enrolment {
        EnrolmentBy::Id(id) => records.enrolment(*id),
        EnrolmentBy::Learner(by) => open_one(records, by),
    };
    let enrolment = named.filter(|it| within.enrolment(it)).ok_or_else(|| {
        let sentence = match item.enrolment {
            EnrolmentBy::Id(_) => "there is no such enrolment within your reach",
            EnrolmentBy::Learner(_) => {
                "no learner within your reach is called so and has an enrolment that is not over"
            }
        };
        Finding::error("NOT_FOUND", "enrolment", sentence)
    })?;
    if is_learner(records, enrolment, holder) {
        let sentence = "that is your own enrolment: somebody else assesses you";
        return Err(Finding::error("CONTRADICTION", "enrolment", sentence));
    }
    let catalogue = turn.catalogue();
    let framework = catalogue.content().frameworks().find(enrolment.row.framework_id);
    let mut all = framework.into_iter().flat_map(|framework| framework.competencies());
    let competency = all.find(|each| each.row.code == item.competency).ok_or_else(|| {
        let sentence = format!(
            "the framework that it started with has no competency {:?}: see progress",
            item.competency
        );
        Finding::error("NOT_FOUND", "competency", sentence)
    })?;
    Ok(Found { enrolment: enrolment.clone(), competency: competency.clone() })
}

/// The learner's enrolment that is not over; a learner has one at most.
fn open_one<'a>(records: &'a Records, by: &Identifier) -> Option<&'a Arc<Enrolment>> {
    let learner = records.by_identifier(&by.system, &by.value)?;
    let mut all = records.of_learner(learner.row.id);
    all.find(|it| !is_over(it.row.state))
}

/// Whether whoever asks is the learner: one of the learner's identifiers is that of their
/// tokens, the issuer as the system and the subject as the value.
fn is_learner(records: &Records, enrolment: &Enrolment, holder: &Holder) -> bool {
    let learner = records.holder(enrolment.row.learner_id);
    learner.is_some_and(|learner| {
        let mut identifiers = learner.identifiers.iter();
        identifiers.any(|(system, value)| (system, value) == (&holder.issuer, &holder.subject))
    })
}

/// Writes the rows, and says so once of each enrolment; gives the site that it is about,
/// if it is about one alone.
async fn write(turn: &mut Turn, batch: &mut Batch) -> Result<Option<i64>, Failure> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for row in &batch.rows {
        *counts.entry(row.enrolment_id).or_default() += 1;
    }
    let records = turn.records().clone();
    let site = |id: &i64| records.enrolment(*id).map(|it| it.row.site_id);
    let sites: BTreeSet<i64> = counts.keys().filter_map(site).collect();
    let about = sites.first().copied().filter(|_| sites.len() == 1);
    if let Some(enrolment) = counts.keys().next().filter(|_| counts.len() == 1) {
        turn.about((NodeType::Enrolment, *enrolment));
    }
    let audit_id = turn.audit(about).await?;
    let rows = std::mem::take(&mut batch.rows).into_iter();
    let rows = rows.map(|row| assessment::Model { audit_id, ..row }).collect();
    insert::<assessment::Entity>(turn.connection(), rows).await?;
    for (enrolment, count) in counts {
        let Some(organisation_id) = site(&enrolment) else { continue };
        turn.say(Said {
            organisation_id,
            change_type: ChangeType::AssessmentsRecorded,
            effective_on: Some(turn.today()),
            before: None,
            after: Some(format!("{count} competencies")),
            node: Some((NodeType::Enrolment, enrolment)),
        });
    }
    Ok(about)
}
