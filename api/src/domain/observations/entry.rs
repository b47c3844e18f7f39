//! What somebody says of a metric, an organisation and a month, before it is recorded.

use std::sync::Arc;

use entity::{
    metric_version::Aggregation,
    observation::{self, State},
};

use crate::{
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        error::{ProblemCode, Problems},
        metrics::{catalogue::Definition, units_of_one},
    },
    ids::Month,
};

/// What is said: a value, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Value {
        value: Option<Amount>,
        numerator: Option<Amount>,
        denominator: Option<Amount>,
    },
    Nil,
    NotApplicable,
    /// What was said before is taken back.
    Withdrawn,
}

impl Said {
    /// What an observation says, as somebody would say it again.
    pub(in crate::domain) fn of(row: &observation::Model, definition: &Definition) -> Self {
        let amounts = [row.value, row.numerator, row.denominator].map(|part| part.map(Amount));
        let [value, numerator, denominator] = amounts;
        match (row.state, definition.row.aggregation) {
            (State::Nil, _) => Self::Nil,
            (State::NotApplicable, _) => Self::NotApplicable,
            (State::Withdrawn, _) => Self::Withdrawn,
            (State::Value, Aggregation::RatioOfSums) => {
                Self::Value { value: None, numerator, denominator }
            }
            (State::Value, _) => Self::Value { value, numerator: None, denominator },
        }
    }
}

/// One thing to record, with what it names found.
#[derive(Debug, Clone)]
pub struct Entry {
    pub definition: Arc<Definition>,
    pub organisation: Arc<Organisation>,
    pub month: Month,
    pub said: Said,
    /// The persons that a distinct count counted; empty where it is only a number.
    pub persons: Vec<String>,
}

/// What an entry comes to in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) struct Figures {
    pub state: State,
    pub value: Option<i64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
}

impl Figures {
    pub(super) fn of(row: &observation::Model) -> Self {
        Self {
            state: row.state,
            value: row.value,
            numerator: row.numerator,
            denominator: row.denominator,
        }
    }

    fn without(state: State) -> Self {
        Self { state, value: None, numerator: None, denominator: None }
    }
}

impl Entry {
    /// The figures to store, or everything that is wrong with what was said.
    pub(in crate::domain) fn figures(&self, problems: &mut Problems) -> Option<Figures> {
        let (value, numerator, denominator) = match self.said {
            Said::Value { value, numerator, denominator } => (value, numerator, denominator),
            Said::Nil => return Some(Figures::without(State::Nil)),
            Said::NotApplicable => return Some(Figures::without(State::NotApplicable)),
            Said::Withdrawn => return Some(Figures::without(State::Withdrawn)),
        };
        let numbers = match self.definition.row.aggregation {
            Aggregation::RatioOfSums => self.ratio(value, numerator, denominator, problems)?,
            Aggregation::WeightedMean => self.weighted(value, denominator, problems)?,
            Aggregation::Sum | Aggregation::DistinctCount | Aggregation::MedianOfRecords => {
                if numerator.is_some() || denominator.is_some() {
                    let sentence = "this metric is a plain number: send the value alone";
                    problems.add("numerator", ProblemCode::Contradiction, sentence);
                }
                (required(value, "value", problems)?, None, None)
            }
        };
        self.check_range(numbers.0, problems);
        let (value, numerator, denominator) = numbers;
        Some(Figures {
            state: State::Value,
            value: Some(value.0),
            numerator: numerator.map(|n| n.0),
            denominator: denominator.map(|n| n.0),
        })
    }

    fn ratio(
        &self,
        value: Option<Amount>,
        numerator: Option<Amount>,
        denominator: Option<Amount>,
        problems: &mut Problems,
    ) -> Option<(Amount, Option<Amount>, Option<Amount>)> {
        let numerator = required(numerator, "numerator", problems);
        let denominator = required(denominator, "denominator", problems);
        let (numerator, denominator) = (numerator?, denominator?);
        if denominator <= Amount::ZERO || numerator < Amount::ZERO {
            let sentence = "the denominator is above 0 and the numerator not below it; where there was nothing to count, say NIL";
            problems.add("denominator", ProblemCode::OutOfRange, sentence);
            return None;
        }
        let ratio = divided(numerator.0, denominator.0, units_of_one(&self.definition))?;
        let close = |sent: Amount| {
            let decimals = self.definition.row.decimals.unsigned_abs();
            sent.rounded(decimals) == ratio.rounded(decimals)
        };
        if value.is_some_and(|value| !close(value)) {
            let sentence = format!("numerator and denominator make {ratio}: leave the value out");
            problems.add("value", ProblemCode::Contradiction, sentence);
        }
        Some((ratio, Some(numerator), Some(denominator)))
    }

    /// The mean and, as numerator, the sum that it stands for.
    fn weighted(
        &self,
        value: Option<Amount>,
        weight: Option<Amount>,
        problems: &mut Problems,
    ) -> Option<(Amount, Option<Amount>, Option<Amount>)> {
        let value = required(value, "value", problems);
        let weight = required(weight, "denominator", problems);
        let (value, weight) = (value?, weight?);
        if weight <= Amount::ZERO {
            let sentence = "the weight is above 0; where there was nothing to weigh, say NIL";
            problems.add("denominator", ProblemCode::OutOfRange, sentence);
            return None;
        }
        let product = i128::from(value.0) * i128::from(weight.0) / 1_000_000;
        let total = i64::try_from(product).ok().map(Amount);
        if total.is_none() {
            let sentence = "value and weight are too large together";
            problems.add("denominator", ProblemCode::OutOfRange, sentence);
        }
        Some((value, Some(total?), Some(weight)))
    }

    fn check_range(&self, value: Amount, problems: &mut Problems) {
        let row = &self.definition.row;
        let (least, most) = (row.minimum.map(Amount), row.maximum.map(Amount));
        if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
            let end = |end: Option<Amount>, open: &str| {
                end.map_or(open.to_owned(), |end| end.to_string())
            };
            let (least, most) = (end(least, "any"), end(most, "any"));
            let sentence = format!("{value} lies outside {least} to {most}: check the figure");
            problems.add("value", ProblemCode::OutOfRange, sentence);
        }
    }
}

fn required(number: Option<Amount>, path: &'static str, problems: &mut Problems) -> Option<Amount> {
    if number.is_none() {
        problems.add(path, ProblemCode::Required, format!("this metric needs its {path}"));
    }
    number
}

/// A ratio in so many units of one, rounded to the millionth, half away from zero; none
/// where nothing can be divided.
pub(in crate::domain) fn divided(numerator: i64, denominator: i64, units: i64) -> Option<Amount> {
    let (numerator, denominator) = (i128::from(numerator), i128::from(denominator));
    if denominator == 0 {
        return None;
    }
    let scaled = numerator * i128::from(units) * 1_000_000;
    let half = denominator.abs() / 2 * scaled.signum() * denominator.signum();
    i64::try_from((scaled + half) / denominator).ok().map(Amount)
}
