//! Analysis: what a series, or figures side by side, can honestly be said to show.
//!
//! Everything here is made of figures as [`series`](super::series) shows them to the
//! viewer, never of what lies beneath, so that no analysis tells what a figure hides.
//! The numbers are worked out in [`analytics`]; this module says what they are about,
//! and refuses, with a reason, what would not be honest.

pub mod baseline;
pub mod comparison;
pub mod decomposition;
pub mod forecast;
mod known;
pub mod setting;
pub mod spc;
pub mod trajectory;

use entity::metric_version;

use crate::analytics;

/// Why there is no analysis, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub code: RefusalCode,
    pub message: String,
    pub hint: Option<String>,
}

/// What kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// A control chart is for what comes about, not for how much there is.
    SpcNotForStocks,
    /// A value is missing between others.
    Gaps,
    /// A value that is needed is hidden.
    Hidden,
    /// No value is known.
    NoValues,
    /// Too few periods are known.
    TooShort,
    /// The definition changed within the series.
    BrokenSeries,
    /// Nothing accumulates.
    NotCumulative,
    /// No curve could be fitted.
    NotConverged,
    /// The best curve is not to be believed.
    OnBound,
    /// No target is set.
    NoTargets,
    /// No baseline is set, and none was sent.
    NoBaseline,
    /// The metric divides nothing by anything.
    NotARatio,
    /// The ratio is no share of things that can be counted.
    NotAProportion,
    /// Figures of several months cannot be made into one.
    NotAdditive,
    /// One request may not have so much worked out.
    TooMany,
    /// A value is too large to be worked with.
    OutOfRange,
}

impl Refused {
    fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// The direction of a definition in the words of the numbers.
fn direction(direction: metric_version::Direction) -> analytics::Direction {
    match direction {
        metric_version::Direction::Increase => analytics::Direction::Increase,
        metric_version::Direction::Decrease => analytics::Direction::Decrease,
        metric_version::Direction::Neutral => analytics::Direction::Neutral,
    }
}
