//! A figure that explains itself: what it is, what it is made of, and how settled.

use std::fmt;

use entity::{
    metric_version::{Aggregation, Kind},
    observation::Status,
};

use super::{cells::Cell, periods::Period};
use crate::{
    domain::{
        amount::Amount,
        metrics::{catalogue::Definition, units_of_one},
        observations::{Sums, divided},
    },
    ids::Month,
};

/// Why there is a value, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueState {
    Value,
    /// Whoever reported said that there was nothing to count.
    Nil,
    /// Nobody reported.
    NotSubmitted,
    /// The question does not arise.
    NotApplicable,
    /// Somebody reported, and it is not shown, so that nobody is known by it.
    Suppressed,
}

/// What was reported for one period, and what it comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    pub state: ValueState,
    pub value: Option<Amount>,
    pub numerator: Option<Amount>,
    pub denominator: Option<Amount>,
    /// How many organisations reported, of how many that were expected to. Of a flow over
    /// several months, each month is counted.
    pub reported: u32,
    pub expected: u32,
    /// Of the least settled part.
    pub status: Option<Status>,
    /// Whether it is rounded to the nearest 5 for disclosure control.
    pub rounded: bool,
}

impl Figure {
    pub(super) fn without(state: ValueState) -> Self {
        Self {
            state,
            value: None,
            numerator: None,
            denominator: None,
            reported: 0,
            expected: 0,
            status: None,
            rounded: false,
        }
    }

    /// A figure that is there and must not be shown; not even who reported is.
    pub(super) fn suppressed(&self) -> Self {
        Self { status: self.status, ..Self::without(ValueState::Suppressed) }
    }

    /// The figure of a metric from the cell of a period.
    pub(super) fn of(definition: &Definition, cell: &Cell, expected: u32) -> Self {
        let sums = &cell.sums;
        let count = |count: i32| u32::try_from(count).unwrap_or(0);
        let reported = count(sums.reported);
        let base = Self {
            reported,
            expected: expected.max(reported),
            status: cell.least_settled(),
            ..Self::without(ValueState::NotSubmitted)
        };
        if sums.reported <= 0 {
            let state = if sums.not_applicable > 0 {
                ValueState::NotApplicable
            } else {
                ValueState::NotSubmitted
            };
            return Self { state, ..base };
        }
        let all_nil = sums.nil == sums.reported;
        let state = if all_nil { ValueState::Nil } else { ValueState::Value };
        Self { state, ..base }.with(definition, sums)
    }

    /// With the decimals that the definition shows.
    pub(super) fn with_decimals(self, definition: &Definition) -> Self {
        let decimals = definition.row.decimals.unsigned_abs();
        Self { value: self.value.map(|value| value.rounded(decimals)), ..self }
    }

    /// With the value that sums come to, to the millionth.
    pub(super) fn with(self, definition: &Definition, sums: &Sums) -> Self {
        let (numerator, denominator) = (Amount(sums.numerator), Amount(sums.denominator));
        match definition.row.aggregation {
            Aggregation::Sum | Aggregation::DistinctCount | Aggregation::MedianOfRecords => {
                Self { value: Some(Amount(sums.value)), ..self }
            }
            Aggregation::RatioOfSums | Aggregation::WeightedMean => {
                let units = units_of_one(definition);
                let ratio = divided(numerator.0, denominator.0, units);
                let numbers = Self {
                    value: ratio,
                    numerator: Some(numerator),
                    denominator: Some(denominator),
                    ..self
                };
                // Nothing to divide by: whoever reported had nothing to count.
                let state = if ratio.is_none() { ValueState::Nil } else { self.state };
                Self { state, ..numbers }
            }
        }
    }
}

/// As a person says it: `1,660`, `12.5 %`, `suppressed`.
pub struct InWords<'a>(pub &'a Figure, pub &'a Definition);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(figure, definition) = self;
        match (figure.state, figure.value) {
            (ValueState::Value | ValueState::Nil, Some(value)) => {
                write!(f, "{}{}", Grouped(value, definition.row.decimals), sign(definition))
            }
            (ValueState::Value, None) | (ValueState::Nil, None) => f.write_str("nil"),
            (ValueState::NotSubmitted, _) => f.write_str("not submitted"),
            (ValueState::NotApplicable, _) => f.write_str("not applicable"),
            (ValueState::Suppressed, _) => f.write_str("suppressed"),
        }
    }
}

fn sign(definition: &Definition) -> &'static str {
    use entity::metric_version::Unit;
    match definition.row.unit {
        Unit::Percent => " %",
        Unit::RatePer10K => " per 10,000",
        Unit::Fte => " FTE",
        Unit::Minutes => " minutes",
        Unit::Hours => " hours",
        Unit::Days => " days",
        Unit::Pence => " p",
        Unit::Count | Unit::Score => "",
    }
}

/// Digits in groups of three, with so many decimals.
struct Grouped(Amount, i32);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::try_from(self.1).unwrap_or(0).min(6);
        let size = self.0.rounded(self.1.unsigned_abs()).0.unsigned_abs();
        let whole = (size / 1_000_000).to_string();
        let parts = format!("{:06}", size % 1_000_000);
        if self.0.0 < 0 {
            f.write_str("-")?;
        }
        for (index, digit) in whole.bytes().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{}", char::from(digit))?;
        }
        if decimals > 0 { write!(f, ".{}", &parts[..decimals]) } else { Ok(()) }
    }
}

/// What the months of a period come to: flows and ratios add up, and stocks take the last
/// month of which anybody said anything. `expected` says how many were to report in a month.
pub(super) fn over_time(
    definition: &Definition,
    period: Period,
    cell: impl Fn(Month) -> Cell,
    expected: impl Fn(Month) -> u32,
) -> (Cell, u32) {
    if takes_the_last(definition) {
        let months = (0..period.kind.months()).map(|back| period.last().plus(-back));
        let said = months.clone().map(|month| (month, cell(month)));
        let last = said.into_iter().find(|(_, cell)| cell.said_anything());
        return last.map_or_else(
            || (Cell::default(), expected(period.last())),
            |(month, cell)| (cell, expected(month)),
        );
    }
    let mut whole = Cell::default();
    let mut owed = 0;
    for month in period.months() {
        whole.join(&cell(month));
        owed += expected(month);
    }
    (whole, owed)
}

/// Whether a longer period shows its last month.
pub(super) fn takes_the_last(definition: &Definition) -> bool {
    match definition.row.aggregation {
        Aggregation::Sum => definition.row.kind == Kind::Stock,
        Aggregation::DistinctCount | Aggregation::MedianOfRecords => true,
        Aggregation::RatioOfSums | Aggregation::WeightedMean => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_and_rounded() {
        for (parts, decimals, text) in [
            (1_660_000_000, 0, "1,660"),
            (1_505_636_569, 2, "1,505.64"),
            (-12_345_678_900_000, 1, "-12,345,678.9"),
            (999_999_999, 0, "1,000"),
            (500_000, 0, "1"),
            (0, 2, "0.00"),
        ] {
            assert_eq!(Grouped(Amount(parts), decimals).to_string(), text);
        }
    }
}
