//! What a rate's change is made of, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};

use super::{answer_or_reason, refused::AnalysisRefused};
use crate::{
    analytics::change,
    domain::figures::{Figure, analysis::decomposition as domain, boundaries, periods::PeriodKind},
    graphql::{
        error::Result,
        metrics::{
            definition::MetricDefinition,
            enums::{Follow, PeriodType},
            input::OrganisationSelector,
            value::MetricValue,
        },
        organisations::{
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        scalars::Month,
    },
};

/// Whose change of what, from when to when.
#[derive(InputObject)]
pub struct DecompositionInput {
    /// The code of a ratio, such as `adoption.rate`.
    metric: String,
    /// Of which organisations.
    of: OrganisationSelector,
    /// How long the two periods are.
    #[graphql(default_with = "PeriodType::Month")]
    r#type: PeriodType,
    /// A month within the earlier period.
    from: Month,
    /// A month within the later period.
    to: Month,
    /// Whether successors take over the past of those that they followed.
    #[graphql(default_with = "Follow::None")]
    follow: Follow,
}

impl DecompositionInput {
    pub(super) fn read(self) -> Result<domain::DecompositionOf> {
        let kind = PeriodKind::from(self.r#type);
        Ok(domain::DecompositionOf {
            metric: self.metric,
            of: self.of.read()?,
            previous: kind.around(self.from.0),
            current: kind.around(self.to.0),
            follow: boundaries::Follow::from(self.follow),
        })
    }
}

/// The change of one organisation's rate, and the three figures that it is told from.
pub struct RateDecomposition(pub domain::Decomposition);

/// The change of one organisation's rate, and the three figures that it is told from.
#[Object]
impl RateDecomposition {
    /// The rate.
    async fn metric(&self) -> MetricDefinition {
        MetricDefinition(self.0.metric.clone())
    }

    /// Whose it is, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Organisation {
        let organisation = self.0.organisation.clone();
        Seen { organisation, day: viewer(ctx).today() }.into()
    }

    /// The earlier period, where organisations sat then.
    async fn previous(&self) -> MetricValue {
        self.value(self.0.previous)
    }

    /// The earlier period, where organisations sat on the last day of the later one.
    async fn recomputed(&self) -> MetricValue {
        self.value(self.0.recomputed)
    }

    /// The later period, where organisations sat then.
    async fn current(&self) -> MetricValue {
        self.value(self.0.current)
    }

    /// What the change is made of.
    async fn change(&self) -> RateChangeResult {
        self.0.change.clone().into()
    }
}

impl RateDecomposition {
    fn value(&self, figure: Figure) -> MetricValue {
        MetricValue { figure, definition: Arc::clone(&self.0.metric) }
    }
}

/// What a change is made of, or why that cannot be said.
#[derive(Union)]
pub enum RateChangeResult {
    RateChange(RateChange),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(RateChangeResult, RateChange, change::RateChange);

/// The change of a rate, in the metric's unit.
#[derive(SimpleObject)]
pub struct RateChange {
    /// What the rate of the same organisations changed by: current less recomputed.
    real: f64,
    /// What it changed by because others are counted: recomputed less previous.
    reorganisation: f64,
    /// The two together, exactly.
    total: f64,
}

impl From<change::RateChange> for RateChange {
    fn from(change: change::RateChange) -> Self {
        let change::RateChange { real, reorganisation, total } = change;
        Self { real, reorganisation, total }
    }
}
