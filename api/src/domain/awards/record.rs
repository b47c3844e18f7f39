//! Recording awards: one, or many at once as providers do after a board, each judged by
//! itself.

use std::collections::{BTreeSet, HashSet};

use entity::{
    award,
    change::{ChangeType, NodeType},
};
use serde::{Deserialize, Serialize};

use super::rules::{self, Award};
use crate::{
    auth::policy::Permit,
    domain::{
        enrolments::permitted,
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        findings::Finding,
        idempotency::{IdempotencyKey, kept, repeated},
        observations::command::ItemResult,
        records::{Enrolment, reach::Within},
        turn::{Said, Turn, insert},
        viewer::Viewer,
    },
};

/// As many items as one command takes.
pub const MOST: usize = 500;

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub result: ItemResult,
    /// The enrolment, if it was found.
    pub enrolment: Option<i64>,
    pub findings: Vec<Finding>,
}

/// Who receives what.
#[derive(Debug, Clone)]
pub struct RecordAward {
    pub enrolment: i64,
    pub award: Award,
}

/// Records one award; gives the enrolment's id, the same for every repetition under the
/// key.
pub async fn record(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RecordAward,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok(done.outcome_id);
            }
            let it = permitted(&turn, command.enrolment)?;
            let mut problems = Problems::default();
            let award = judge(&turn, &it, &command.award, "input.", &mut problems);
            problems.check()?;
            let id = it.row.id;
            turn.about((NodeType::Enrolment, id));
            write(turn, vec![(it, award)], id).await?;
            Ok(id)
        })
        .await
}

/// Records the awards that can be, in one turn; gives an outcome for each item, in their
/// order, the same for every repetition under the key.
pub async fn record_all(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    items: Vec<RecordAward>,
) -> Result<Vec<Outcome>, Declined> {
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
            let (outcomes, awards) = judge_all(&turn, &items);
            if awards.is_empty() {
                // Nothing is written, so there is nothing to repeat.
                turn.see_before();
                return Ok(outcomes);
            }
            turn.will_answer(kept(&outcomes)?);
            write(turn, awards, 0).await?;
            Ok(outcomes)
        })
        .await
}

fn judge_all(turn: &Turn, items: &[RecordAward]) -> (Vec<Outcome>, Vec<(Enrolment, Award)>) {
    let (mut outcomes, mut awards, mut named) = (Vec::new(), Vec::new(), HashSet::new());
    let (directory, records) = (turn.directory(), turn.records());
    let within = Within::new(turn.viewer(), directory, records, turn.permit().reach());
    for item in items {
        let found = records.enrolment(item.enrolment).filter(|it| within.enrolment(it));
        let outcome =
            |result, findings| Outcome { result, enrolment: found.map(|it| it.row.id), findings };
        let Some(it) = found else {
            let sentence = "there is no such enrolment within your reach";
            let finding = Finding::error("NOT_FOUND", "enrolment", sentence);
            outcomes.push(outcome(ItemResult::Refused, vec![finding]));
            continue;
        };
        let mut problems = Problems::default();
        let award = judge(turn, it, &item.award, "", &mut problems);
        if it.award.as_ref().is_some_and(|known| is_same(known, &award)) {
            outcomes.push(outcome(ItemResult::Same, Vec::new()));
            continue;
        }
        if !named.insert(item.enrolment) {
            let sentence = "another item of this command awards it: send it once";
            problems.add("enrolment", ProblemCode::AlreadyExists, sentence);
        }
        let findings: Vec<Finding> = problems.list().into_iter().map(Finding::from).collect();
        if findings.is_empty() {
            awards.push((Enrolment::clone(it), award));
            outcomes.push(outcome(ItemResult::Created, findings));
        } else {
            outcomes.push(outcome(ItemResult::Refused, findings));
        }
    }
    (outcomes, awards)
}

/// The award as it will be kept, if nothing is found wrong with it.
fn judge(
    turn: &Turn,
    it: &Enrolment,
    award: &Award,
    prefix: &str,
    problems: &mut Problems,
) -> Award {
    let mut award = rules::read(award, turn.today(), prefix, problems);
    rules::check(it, award.awarded_on, prefix, problems);
    if award.body.is_none() {
        award.body = provider(turn, it, &award);
    }
    if award.body.is_none() {
        let sentence = "its cohort has no provider: say who awards it";
        problems.add(format!("{prefix}body"), ProblemCode::Required, sentence);
    }
    award
}

/// The name that the cohort's provider had on the day of the award.
fn provider(turn: &Turn, it: &Enrolment, award: &Award) -> Option<String> {
    let provider = turn.records().cohort(it.row.cohort_id)?.provider_id?;
    let found = turn.directory().find(provider)?;
    Some(found.name_at(award.awarded_on).to_owned())
}

fn is_same(known: &award::Model, award: &Award) -> bool {
    known.title == award.title
        && known.level == award.level
        && known.credits == award.credits
        && Some(&known.body) == award.body.as_ref()
        && known.awarded_on == award.awarded_on
}

/// Writes the awards and commits.
async fn write(
    mut turn: Turn,
    awards: Vec<(Enrolment, Award)>,
    outcome: i64,
) -> Result<(), Failure> {
    let sites: BTreeSet<i64> = awards.iter().map(|(it, _)| it.row.site_id).collect();
    let about = sites.first().copied().filter(|_| sites.len() == 1);
    let audit_id = turn.audit(about).await?;
    let mut rows = Vec::with_capacity(awards.len());
    for (it, award) in awards {
        turn.say(Said {
            organisation_id: it.row.site_id,
            change_type: ChangeType::AwardRecorded,
            effective_on: Some(award.awarded_on),
            before: None,
            after: Some(format!("{}, {} credits", award.title, award.credits)),
            node: Some((NodeType::Enrolment, it.row.id)),
        });
        rows.push(award::Model {
            id: turn.next_row_id(),
            enrolment_id: it.row.id,
            title: award.title,
            level: award.level,
            credits: award.credits,
            body: award.body.unwrap_or_default(),
            awarded_on: award.awarded_on,
            audit_id,
        });
    }
    insert::<award::Entity>(turn.connection(), rows).await?;
    turn.commit(about, outcome).await
}
