//! Changes from a baseline, as clients see them.

use async_graphql::{SimpleObject, Union};

use super::{answer_or_reason, refused::AnalysisRefused};
use crate::{
    domain::figures::analysis::baseline as domain,
    graphql::{metrics::value::Period, scalars::Month},
};

/// A change from a baseline, or why there is none.
#[derive(Union)]
pub enum ChangeResult {
    ChangeFromBaseline(ChangeFromBaseline),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(ChangeResult, ChangeFromBaseline, domain::Change);

/// What changed since the months that a series is compared with.
#[derive(SimpleObject)]
pub struct ChangeFromBaseline {
    /// The first month of the baseline.
    first: Month,
    /// The last month of the baseline.
    last: Month,
    /// What the baseline comes to: ratios are divided anew over all its months; what adds
    /// up over time is an average month, times the months of a period; anything else is
    /// an average.
    baseline: f64,
    /// The latest known period.
    period: Period,
    /// Its value.
    value: f64,
    /// The value less the baseline, in the metric's unit.
    absolute: f64,
    /// That in per cent of the size of the baseline; null where the baseline is 0.
    percent: Option<f64>,
}

impl From<domain::Change> for ChangeFromBaseline {
    fn from(change: domain::Change) -> Self {
        Self {
            first: Month(change.months.0),
            last: Month(change.months.1),
            baseline: change.baseline,
            period: Period(change.latest),
            value: change.value,
            absolute: change.numbers.absolute,
            percent: change.numbers.percent,
        }
    }
}
