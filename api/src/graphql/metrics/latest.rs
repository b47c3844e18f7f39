//! The latest figures of an organisation.

use async_graphql::SimpleObject;

use super::{
    definition::MetricDefinition,
    value::{MetricValue, Period},
};
use crate::domain::figures::latest;

/// The latest figure of one metric.
#[derive(SimpleObject)]
pub struct LatestFigure {
    /// The metric.
    metric: MetricDefinition,
    /// The newest month of which anything was said; null where nothing was, or where it
    /// is hidden.
    period: Option<Period>,
    /// The figure.
    value: MetricValue,
}

impl From<latest::LatestFigure> for LatestFigure {
    fn from(latest: latest::LatestFigure) -> Self {
        let definition = latest.definition;
        Self {
            metric: MetricDefinition(definition.clone()),
            period: latest.period.map(Period),
            value: MetricValue { figure: latest.figure, definition },
        }
    }
}
