//! What a load came to: counts, a line for each difference, and what was refused.

use std::collections::BTreeMap;

use entity::organisation::Kind;

/// What became of one thing that the file speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Opened,
    Closed,
    Reopened,
    Renamed,
    Moved,
    /// Another status, prescribing setting, postcode or date.
    Changed,
    Counted,
    Unchanged,
}

impl Outcome {
    pub const ALL: [Self; 8] = [
        Self::Opened,
        Self::Closed,
        Self::Reopened,
        Self::Renamed,
        Self::Moved,
        Self::Changed,
        Self::Counted,
        Self::Unchanged,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Counted => "counted",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Which part of a row the register does not agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Code,
    Region,
    Icb,
    SubIcb,
    Pcn,
    From,
    /// The ONS code of an area of that kind.
    Ons(Kind),
}

/// A row that is sound in itself and does not fit the register.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Its index among the rows that were handed over.
    pub row: usize,
    pub part: Part,
    pub value: String,
    pub reason: &'static str,
    pub remedy: &'static str,
}

/// What a load came to.
#[derive(Debug, Default)]
pub struct Report {
    counts: BTreeMap<Outcome, usize>,
    lines: Vec<(Outcome, String)>,
    /// Sentences about the load as a whole.
    pub notes: Vec<String>,
    pub refusals: Vec<Refusal>,
}

impl Report {
    pub fn counted(&self, outcome: Outcome) -> usize {
        self.counts.get(&outcome).copied().unwrap_or(0)
    }

    /// The differences of one sort, a line each.
    pub fn lines(&self, outcome: Outcome) -> impl Iterator<Item = &str> {
        let of = self.lines.iter().filter(move |(each, _)| *each == outcome);
        of.map(|(_, line)| line.as_str())
    }

    pub(super) fn count(&mut self, outcome: Outcome, line: impl FnOnce() -> String) {
        *self.counts.entry(outcome).or_default() += 1;
        if outcome != Outcome::Unchanged {
            self.lines.push((outcome, line()));
        }
    }

    pub(super) fn refuse(
        &mut self,
        row: usize,
        part: Part,
        value: &str,
        reason: &'static str,
        remedy: &'static str,
    ) {
        self.refusals.push(Refusal { row, part, value: value.to_owned(), reason, remedy });
    }
}
