//! Why there is no analysis.

use async_graphql::{Enum, SimpleObject};

use crate::domain::figures::analysis;

/// What kind of reason there is for no analysis.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "analysis::RefusalCode")]
pub enum AnalysisRefusal {
    /// A control chart is for what comes about, not for how much there is.
    SpcNotForStocks,
    /// A value is missing between others.
    Gaps,
    /// A value that is needed is hidden, so that nobody is known by it.
    Hidden,
    /// No value is known.
    NoValues,
    /// Too few periods are known.
    TooShort,
    /// The definition changed in between, so that figures are not comparable.
    BrokenSeries,
    /// The metric does not accumulate.
    NotCumulative,
    /// No curve could be fitted.
    NotConverged,
    /// The best fit is not to be believed.
    OnBound,
    /// No target is set.
    NoTargets,
    /// No baseline is set, and none was sent.
    NoBaseline,
    /// The metric is no ratio.
    NotARatio,
    /// The ratio is no share of things that are counted.
    NotAProportion,
    /// Figures of several months cannot be made into one.
    NotAdditive,
    /// One request may not have so much worked out: ask for the rest in another.
    TooMany,
    /// A number is too large to be worked with.
    OutOfRange,
}

/// There is no honest answer, and this is why.
#[derive(SimpleObject)]
pub struct AnalysisRefused {
    /// What kind of reason.
    code: AnalysisRefusal,
    /// The reason, for a person.
    message: String,
    /// What to do instead, where there is something.
    hint: Option<String>,
}

impl From<analysis::Refused> for AnalysisRefused {
    fn from(refused: analysis::Refused) -> Self {
        let analysis::Refused { code, message, hint } = refused;
        Self { code: code.into(), message, hint }
    }
}
