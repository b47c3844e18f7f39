//! Restating a locked return: new revisions of its figures, with a note that everybody
//! can read. What was locked stays as it was.

use std::collections::HashMap;

use entity::{change::ChangeType, observation::Status, return_value};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    Return, ReturnState,
    answers::{Answer, Filled, entries, fill, judge},
    newest, open,
    submit::{Outcome, ReturnRead, provenance},
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, Problems},
        observations::{known, record::record},
        text,
        turn::{Turn, insert},
        viewer::Viewer,
    },
};

/// The figures that were wrong, as they are, and why.
#[derive(Debug, Clone)]
pub struct RestateReturn {
    pub read: ReturnRead,
    /// What is restated; what is not among them stays.
    pub answers: Vec<Answer>,
    pub note: String,
}

/// Restates the figures, unless an error is found; the note explains what looks wrong.
pub async fn restate(
    viewer: &Viewer,
    permit: Permit,
    command: RestateReturn,
) -> Result<Outcome, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let ReturnRead { id, expected_version } = command.read;
            let mut it = open::open(&turn, id, expected_version).await?;
            open::not_their_own(&turn.holder()?, &it)?;
            open::in_state(&it, &[ReturnState::Locked], "only a locked one is restated")?;
            let (filled, note) = check(&turn, &it, command)?;
            let stated = entries(&it, &filled);
            let known = known(&turn, &stated).await?;
            let findings = judge(&turn, &it, &filled, &known).await?;
            if findings.iter().any(|finding| finding.blocks) {
                turn.see_before();
                return Ok(Outcome::NotReady(it, findings));
            }
            let notes = vec![Some(note.clone()); stated.len()];
            record(&mut turn, &stated, &notes, provenance(Status::Restated, it.row_id())).await?;
            keep(&turn, &mut it, &filled).await?;
            if let Some(row) = &mut it.row {
                row.note = Some(note.clone());
            }
            let why = Some(note.as_str());
            Ok(Outcome::Done(open::close(turn, it, ChangeType::ReturnRestated, why).await?))
        })
        .await
}

/// What is restated, and the note, if everything about them is right.
fn check(
    turn: &Turn,
    it: &Return,
    command: RestateReturn,
) -> Result<(Vec<Filled>, String), Declined> {
    let mut problems = Problems::default();
    let note = text::sentence(&command.note, "input.note", &mut problems);
    if command.answers.is_empty() {
        let sentence = "say which figures were wrong, and what they are";
        problems.add("input.values", ProblemCode::Required, sentence);
    }
    let named: Vec<String> = command.answers.iter().map(|each| each.metric.clone()).collect();
    let catalogue = turn.catalogue();
    let mut filled = fill(catalogue, &it.schedule, it.month, command.answers, &mut problems);
    filled.retain(|each| named.contains(&each.definition.row.code));
    for each in &mut filled {
        let code = &each.definition.row.code;
        let before = it.value(code);
        if each.said.is_none() {
            let sentence = format!("say what {code} is; a restatement takes nothing back");
            problems.add("input.values", ProblemCode::Required, sentence);
        } else if before.is_some_and(|before| before.state.is_some() && same(before, each)) {
            let sentence = format!("{code} says that already");
            problems.add("input.values", ProblemCode::Unchanged, sentence);
        }
        // It answers the definition that it answered before, whatever came since.
        if let Some(definition) = before.and_then(|before| catalogue.find(before.version_id)) {
            each.definition = definition.clone();
        }
        each.explanation = Some(note.clone());
    }
    problems.check()?;
    Ok((filled, note))
}

fn same(before: &return_value::Model, after: &Filled) -> bool {
    let row = after.row(before.return_id, before.revision);
    (row.state, row.value, row.numerator, row.denominator)
        == (before.state, before.value, before.numerator, before.denominator)
}

/// Keeps the answers beside those that were locked.
async fn keep(turn: &Turn, it: &mut Return, filled: &[Filled]) -> Result<(), Declined> {
    use return_value::Column;
    let id = it.row_id();
    let revisions: Vec<(String, i32)> = return_value::Entity::find()
        .select_only()
        .columns([Column::Metric, Column::Revision])
        .filter(Column::ReturnId.eq(id))
        .into_tuple()
        .all(turn.connection())
        .await?;
    let mut last: HashMap<String, i32> = HashMap::new();
    for (metric, revision) in revisions {
        let last = last.entry(metric).or_default();
        *last = revision.max(*last);
    }
    // One that was not answered before is restated too: what was locked is revision 1.
    let revision = |each: &Filled| last.get(&each.definition.row.code).map_or(2, |last| last + 1);
    let rows: Vec<_> = filled.iter().map(|each| each.row(id, revision(each))).collect();
    insert::<return_value::Entity>(turn.connection(), rows.clone()).await?;
    it.values = newest(it.values.drain(..).chain(rows).collect());
    Ok(())
}
