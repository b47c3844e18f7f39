//! The latest figures of an organisation.

use async_graphql::{SimpleObject, Value, parser::types::Field};

use super::{
    definition::MetricDefinition,
    told::{Asking, Told, nested, told_list},
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

impl Told for LatestFigure {
    const TYPE: &'static str = "LatestFigure";

    fn tell(&self, asking: Asking<'_>, field: &Field) -> Option<Value> {
        match field.name.node.as_str() {
            "metric" => nested(Some(&self.metric), asking, field),
            "period" => nested(self.period.as_ref(), asking, field),
            "value" => nested(Some(&self.value), asking, field),
            _ => None,
        }
    }
}

told_list! {
    /// The latest figures of an organisation.
    LatestFigures of LatestFigure
}
