//! The one engine that judges figures, whichever way they come: by what a definition
//! says, by the register, and by the rules that the programme team sets.
//!
//! Everything that is found comes in one pass: errors keep a figure out, warnings need
//! an explanation (see [`taken`](super::findings::taken)).

mod history;
mod judge;
pub mod rules;
pub mod set;
pub mod shipped;

use std::collections::HashSet;

use entity::validation_rule::Kind;
use sea_orm::{ConnectionTrait, DbErr};

use self::history::History;
use super::{
    error::{ProblemCode, Problems},
    findings::{Finding, Severity},
    metrics::catalogue::{Catalogue, Definition},
    observations::{Entry, Known, observable},
    organisations::in_words,
    turn::Turn,
    viewer::Viewer,
};
use crate::ids::Month;

/// What figures are judged by.
pub(super) struct By<'a> {
    pub viewer: &'a Viewer,
    pub catalogue: &'a Catalogue,
    /// What was recorded before has ids below this; 0 where nothing was.
    pub before: i64,
}

impl<'a> By<'a> {
    /// By what a turn sees, and what it records itself left out: what a figure is compared
    /// with does not depend on the order in which figures come.
    pub(super) fn turn(turn: &'a Turn) -> Self {
        Self { viewer: turn.viewer(), catalogue: turn.catalogue(), before: turn.before() }
    }
}

/// Everything that is found about each entry, in their order. `known` are the figures
/// that hold for them; one that belongs to a return is left to it, unless it is `open` to
/// the caller.
pub(super) async fn findings(
    by: &By<'_>,
    connection: &impl ConnectionTrait,
    entries: &[Entry],
    known: &Known,
    open: &HashSet<i64>,
) -> Result<Vec<Vec<Finding>>, DbErr> {
    let history = History::read(by, connection, entries).await?;
    let one = |entry: &Entry| {
        let mut findings = of_entry(by, entry, &history);
        let key = (entry.organisation.id(), entry.definition.row.series_id, entry.month);
        let owner = known.get(&key).and_then(|row| row.return_id);
        if owner.is_some_and(|owner| !open.contains(&owner)) {
            let sentence = "this figure belongs to a return: have it sent back, or restate it";
            findings.push(Finding::error("CONTRADICTION", "month", sentence));
        }
        findings
    };
    Ok(entries.iter().map(one).collect())
}

/// What is found where a return says nothing of a metric.
pub(super) fn missing(turn: &Turn, definition: &Definition) -> Vec<Finding> {
    let rules = turn.catalogue().rules().enabled(&definition.row.code);
    let required = rules.filter(|rule| rule.kind == Kind::Required);
    required.map(|rule| judge::found(rule, "value", "nothing is said")).collect()
}

fn of_entry(by: &By<'_>, entry: &Entry, history: &History) -> Vec<Finding> {
    let mut problems = Problems::default();
    by_register(by.viewer, entry, &mut problems);
    let figures = entry.figures(&mut problems);
    let rules = || by.catalogue.rules().enabled(&entry.definition.row.code);
    let mut findings: Vec<Finding> =
        rules().flat_map(|rule| judge::of_parts(rule, entry)).collect();
    // A wrong part makes a wrong value: that is said once.
    let in_part = |finding: &Finding| finding.column != "value";
    let parts_wrong = findings.iter().any(|each| each.severity == Severity::Error && in_part(each));
    let defined = problems.list().into_iter().map(Finding::from);
    findings.extend(defined.filter(|finding| !parts_wrong || in_part(finding)));
    let sound = findings.iter().all(|each| each.severity == Severity::Warning);
    if let Some(figures) = figures.filter(|_| sound) {
        let earlier = history.before(entry);
        findings.extend(rules().filter_map(|rule| judge::of_value(rule, &figures, &earlier)));
    }
    findings
}

/// What the definition and the register say of what an entry names.
fn by_register(viewer: &Viewer, entry: &Entry, problems: &mut Problems) {
    let (row, organisation) = (&entry.definition.row, &entry.organisation);
    if let Some(derivation) = &entry.definition.derivation {
        let sentence = format!("{} is worked out ({derivation}), never recorded", row.code);
        problems.add("metric", ProblemCode::WrongKind, sentence);
    }
    if !observable(&entry.definition, organisation.kind()) {
        let kind = in_words(organisation.kind());
        let level = in_words(row.subject_level);
        let sentence =
            format!("{} is observed of {level} or what holds it, not of {kind}", row.code);
        problems.add("organisation", ProblemCode::WrongKind, sentence);
    }
    if entry.month > Month::of(viewer.today()) {
        let sentence = format!("{} is yet to come", entry.month);
        problems.add("month", ProblemCode::OutOfRange, sentence);
    }
    if entry.month < Month::of(row.effective_from) {
        let from = Month::of(row.effective_from);
        let sentence = format!("the definition speaks of {from} and later");
        problems.add("month", ProblemCode::OutOfRange, sentence);
    }
    let (opened, closed) = organisation.lifetime();
    let outside = opened > entry.month.last_day()
        || closed.is_some_and(|closed| closed <= entry.month.first_day());
    if outside {
        let to = closed.map_or("now on".to_owned(), |closed| closed.to_string());
        let sentence = format!("the organisation is open from {opened} to {to}");
        problems.add("month", ProblemCode::OutOfRange, sentence);
    }
}
