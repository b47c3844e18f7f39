//! The one engine that judges figures, whichever way they come: by what a definition
//! says, and by the register.

use super::{
    error::{ProblemCode, Problems},
    findings::Finding,
    observations::{Entry, observable},
    organisations::in_words,
    viewer::Viewer,
};
use crate::ids::Month;

/// Everything that is found about each entry, in their order.
pub(super) fn findings(viewer: &Viewer, entries: &[Entry]) -> Vec<Vec<Finding>> {
    entries.iter().map(|entry| of_entry(viewer, entry)).collect()
}

fn of_entry(viewer: &Viewer, entry: &Entry) -> Vec<Finding> {
    let mut problems = Problems::default();
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
    entry.figures(&mut problems);
    problems.list().into_iter().map(Finding::from).collect()
}
