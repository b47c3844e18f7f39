//! What one rule says of one entry.

use entity::{
    metric_version::Aggregation,
    observation::State,
    validation_rule::{self, Kind},
};

use super::rules;
use crate::{
    analytics::spc,
    domain::{
        amount::Amount,
        findings::Finding,
        observations::{Entry, Figures, Said},
    },
};

/// What earlier months said, the oldest first.
pub(super) type Earlier = [f64];

pub(super) fn found(
    rule: &validation_rule::Model,
    column: &str,
    said: impl std::fmt::Display,
) -> Finding {
    let message = format!("{said}: {}", rule.message);
    Finding::new(rule.severity, rules::name(rule.kind), column, message)
}

/// What a rule finds in the numbers as they were said.
pub(super) fn of_parts(rule: &validation_rule::Model, entry: &Entry) -> Vec<Finding> {
    let Said::Value { value, numerator, denominator } = entry.said else { return Vec::new() };
    match rule.kind {
        Kind::Integer => {
            let counted = match entry.definition.row.aggregation {
                Aggregation::RatioOfSums => {
                    [("numerator", numerator), ("denominator", denominator)]
                }
                Aggregation::WeightedMean => [("denominator", denominator), ("value", None)],
                Aggregation::Sum | Aggregation::DistinctCount | Aggregation::MedianOfRecords => {
                    [("value", value), ("denominator", None)]
                }
            };
            let parted = counted.into_iter().filter_map(|(column, number)| {
                let number = number.filter(|number| !number.is_whole())?;
                Some(found(rule, column, format!("{number} is not a whole number")))
            });
            parted.collect()
        }
        Kind::NumeratorWithinDenominator => {
            let over = numerator.zip(denominator).filter(|(part, whole)| part > whole);
            let sentence = |(part, whole): (Amount, Amount)| {
                found(rule, "numerator", format!("{part} is more than the {whole} it is a part of"))
            };
            over.map(sentence).into_iter().collect()
        }
        // These look at the value that the numbers make, or at what was not said.
        Kind::Range | Kind::BeyondLimits | Kind::Required => Vec::new(),
    }
}

/// What a rule finds in the value that they make.
pub(super) fn of_value(
    rule: &validation_rule::Model,
    figures: &Figures,
    earlier: &Earlier,
) -> Option<Finding> {
    match rule.kind {
        Kind::Range => {
            let value = Amount(figures.value?);
            let (least, most) = (rule.minimum.map(Amount), rule.maximum.map(Amount));
            let outside =
                least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most);
            let end = |end: Option<Amount>| end.map_or("any".to_owned(), |end| end.to_string());
            let sentence = || format!("{value} lies outside {} to {}", end(least), end(most));
            outside.then(|| found(rule, "value", sentence()))
        }
        Kind::BeyondLimits => {
            let value = counted(figures)?;
            let needed = usize::try_from(rule.months?).unwrap_or(usize::MAX);
            let limits = spc::limits_after(earlier).filter(|_| earlier.len() >= needed)?;
            let (lower, upper) = (limits.lower, limits.upper);
            let sentence = || {
                format!(
                    "{} lies beyond {:.2} to {:.2}, the limits that {} earlier months make",
                    Amount(figures.value.unwrap_or(0)),
                    lower,
                    upper,
                    earlier.len()
                )
            };
            (value < lower || value > upper).then(|| found(rule, "value", sentence()))
        }
        Kind::Integer | Kind::Required | Kind::NumeratorWithinDenominator => None,
    }
}

/// The number that a figure says; an answer without one lies beyond no limits.
fn counted(figures: &Figures) -> Option<f64> {
    figures.value.filter(|_| figures.state == State::Value).map(|value| Amount(value).number())
}
