//! Submitting a return: its figures become provisional observations in the same turn.

use entity::{
    change::ChangeType,
    monthly_return::State,
    observation::{Source, Status},
};

use super::{
    Return, ReturnState,
    answers::{Filled, entries, judge, kept},
    open,
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::Declined,
        findings::Finding,
        observations::{
            Entry, Known, Said, known,
            record::{Provenance, record},
        },
        turn::Turn,
        viewer::Viewer,
    },
    ids::ReturnId,
};

/// A return, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct ReturnRead {
    pub id: ReturnId,
    pub expected_version: i32,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    Done(Return),
    /// Something stands in the way; nothing was changed.
    NotReady(Return, Vec<Finding>),
}

/// Submits the return, unless an error is found, or a warning that nobody explained.
pub async fn submit(
    viewer: &Viewer,
    permit: Permit,
    command: ReturnRead,
) -> Result<Outcome, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let mut it = open::open(&turn, command.id, command.expected_version).await?;
            open::in_state(&it, &[ReturnState::Draft], "save a draft of it before submitting it")?;
            let filled = kept(turn.catalogue(), &it);
            let asked: Vec<Entry> = filled.iter().map(|each| asked(&it, each)).collect();
            let known = known(&turn, &asked).await?;
            let findings = judge(&turn, &it, &filled, &known).await?;
            if findings.iter().any(|finding| finding.blocks) {
                turn.see_before();
                return Ok(Outcome::NotReady(it, findings));
            }
            let (entries, notes) = to_record(&it, &filled, &known);
            let provenance = provenance(Status::Provisional, it.row_id());
            record(&mut turn, &entries, &notes, provenance).await?;
            let (at, holder) = (turn.at(), turn.holder()?);
            if let Some(row) = &mut it.row {
                row.state = State::Submitted;
                row.first_submitted_at = row.first_submitted_at.or(Some(at));
                row.submitted_at = Some(at);
                row.submitted_issuer = Some(holder.issuer);
                row.submitted_subject = Some(holder.subject);
            }
            Ok(Outcome::Done(open::close(turn, it, ChangeType::ReturnSubmitted, None).await?))
        })
        .await
}

/// An entry for whatever is asked, which takes back what is no longer answered.
fn asked(it: &Return, filled: &Filled) -> Entry {
    filled.entry(it, filled.said.unwrap_or(Said::Withdrawn))
}

/// What is recorded, each with its explanation: the answers, and what an earlier
/// submission of this return answered and this one does not.
fn to_record(it: &Return, filled: &[Filled], known: &Known) -> (Vec<Entry>, Vec<Option<String>>) {
    let ours = |entry: &Entry| {
        let key = (entry.organisation.id(), entry.definition.row.series_id, entry.month);
        known.get(&key).is_some_and(|row| row.return_id == Some(it.row_id()))
    };
    let all = filled.iter().map(|each| (asked(it, each), each.explanation.clone()));
    all.filter(|(entry, _)| entry.said != Said::Withdrawn || ours(entry)).unzip()
}

pub(super) fn provenance(status: Status, return_id: i64) -> Provenance {
    Provenance { status, source: Source::Return, return_id: Some(return_id), import_id: None }
}

/// Records the answers of a return anew, with another status.
pub(super) async fn settle(turn: &mut Turn, it: &Return, status: Status) -> Result<(), Declined> {
    let filled = kept(turn.catalogue(), it);
    let notes: Vec<_> = filled
        .iter()
        .filter(|each| each.said.is_some())
        .map(|each| each.explanation.clone())
        .collect();
    let id = it.row.as_ref().map_or(0, |row| row.id);
    record(turn, &entries(it, &filled), &notes, provenance(status, id)).await?;
    Ok(())
}
