//! Recording that one organisation was followed by another, and what moves with it.

mod carry;
pub mod impact;

use chrono::NaiveDate;
use entity::{
    organisation::Source,
    succession::{self, Confidence, SuccessionKind},
};

use crate::domain::{
    directory::organisation::Organisation,
    edit::Edit,
    error::{Declined, Failure, ProblemCode, Problems},
    idempotency::IdempotencyKey,
    viewer::Viewer,
};
use crate::{auth::policy::Permit, ids::OrganisationId};

/// `predecessor` was followed by `successor` on a day.
#[derive(Debug, Clone)]
pub struct RecordSuccession {
    pub predecessor: OrganisationId,
    pub successor: OrganisationId,
    pub occurred_on: NaiveDate,
    pub kind: SuccessionKind,
    pub confidence: Confidence,
}

/// Records the succession; gives its id, the same for every repetition under the key.
pub async fn record(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RecordSuccession,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut edit = Edit::begin(&viewer, permit).await?;
            if let Some(done) = edit.done_before(&key).await? {
                return Ok(done);
            }
            let predecessor = edit.permitted(command.predecessor)?;
            let successor = edit.permitted(command.successor)?;
            check(&edit, predecessor, successor, &command)?;
            let id = edit.next_row_id();
            follow(&mut edit, id, &command, Source::Manual)?;
            let mut turn = edit.into_turn(Some(command.predecessor)).await?;
            carry::over(&mut turn, &command).await?;
            turn.commit(Some(command.predecessor), id).await?;
            Ok(id)
        })
        .await
}

fn check(
    edit: &Edit,
    predecessor: &Organisation,
    successor: &Organisation,
    command: &RecordSuccession,
) -> Result<(), Declined> {
    let mut problems = Problems::default();
    if predecessor.kind() != successor.kind() {
        let sentence = "an organisation is followed by one of its own kind";
        problems.add("input.successor", ProblemCode::WrongKind, sentence);
    }
    if predecessor.successors.iter().any(|row| row.successor_id == successor.id()) {
        let sentence = "this succession is recorded already";
        problems.add("input.successor", ProblemCode::AlreadyExists, sentence);
    } else if follows(edit, predecessor.id(), successor.id()) {
        let sentence = "the successor is, by what is recorded, itself a predecessor of this one";
        problems.add("input.successor", ProblemCode::Contradiction, sentence);
    }
    let today = edit.today();
    if command.occurred_on > today && carry::moves(edit.records(), command) {
        let sentence = "learners and posts move with it: record it once it has happened, and see \
                        successionImpact for what it will move";
        problems.add("input.occurredOn", ProblemCode::OutOfRange, sentence);
    }
    if command.occurred_on < predecessor.row.opened_on {
        let sentence = format!("the predecessor opened on {}", predecessor.row.opened_on);
        problems.add("input.occurredOn", ProblemCode::OutOfRange, sentence);
    }
    problems.check()
}

/// Whether `one` follows `other`, directly or through others; an organisation
/// counts as following itself.
fn follows(edit: &Edit, one: OrganisationId, other: OrganisationId) -> bool {
    let mut waiting = vec![other];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if id == one {
            return true;
        }
        if seen.insert(id)
            && let Some(organisation) = edit.find(id)
        {
            waiting.extend(organisation.successors.iter().map(|row| row.successor_id));
        }
    }
    false
}

/// Adds the succession to both organisations.
pub(super) fn follow(
    edit: &mut Edit,
    id: i64,
    command: &RecordSuccession,
    source: Source,
) -> Result<(), Failure> {
    let row = succession::Model {
        id,
        predecessor_id: command.predecessor,
        successor_id: command.successor,
        occurred_on: command.occurred_on,
        kind: command.kind,
        confidence: command.confidence,
        source,
    };
    let in_order = |rows: &mut Vec<succession::Model>, row| {
        rows.push(row);
        rows.sort_by_key(|row| (row.occurred_on, row.id));
    };
    in_order(&mut edit.change(command.predecessor)?.successors, row.clone());
    in_order(&mut edit.change(command.successor)?.predecessors, row);
    Ok(())
}

/// The succession of that id, if the viewer may see who was followed.
pub fn find(viewer: &Viewer, id: i64) -> Option<succession::Model> {
    let found = viewer.directory().succession(id).cloned()?;
    viewer.organisation(found.predecessor_id).map(|_| found)
}
