//! Figures and periods, each explaining itself.

use std::sync::Arc;

use async_graphql::{
    Object, SimpleObject, Value, parser::types::Field, resolver_utils::enum_value,
};

use super::{
    enums::{ObservationStatus, PeriodType, ValueState},
    told::{Asking, Told, nested, scalar},
};
use crate::{
    domain::{
        figures::{self, Figure, InWords, periods},
        metrics::catalogue,
    },
    graphql::scalars::{Date, Month},
};

/// A month, or a longer period.
#[derive(Clone, Copy)]
pub struct Period(pub periods::Period);

/// A month, or a longer period.
#[Object]
impl Period {
    /// How long it is.
    async fn r#type(&self) -> PeriodType {
        self.0.kind.into()
    }

    /// As a person says it: `2025-11`, `2025 Q4`, `2025/26`, `2025`.
    async fn label(&self) -> String {
        self.0.to_string()
    }

    /// Its first month.
    async fn month(&self) -> Month {
        Month(self.0.first)
    }

    /// Its first day.
    async fn from(&self) -> Date {
        Date(self.0.first.first_day())
    }

    /// Its last day.
    async fn to(&self) -> Date {
        Date(self.0.last().last_day())
    }
}

impl Told for Period {
    const TYPE: &'static str = "Period";

    fn tell(&self, _: Asking<'_>, field: &Field) -> Option<Value> {
        Some(match field.name.node.as_str() {
            "type" => enum_value(PeriodType::from(self.0.kind)),
            "label" => Value::String(self.0.to_string()),
            "month" => scalar(Some(Month(self.0.first))),
            "from" => scalar(Some(Date(self.0.first.first_day()))),
            "to" => scalar(Some(Date(self.0.last().last_day()))),
            _ => return None,
        })
    }
}

/// How many organisations a figure rests on.
#[derive(SimpleObject)]
pub struct Coverage {
    /// How many reported.
    reported: u32,
    /// How many were expected to. Of a flow over several months, each month counts.
    expected: u32,
}

impl Told for Coverage {
    const TYPE: &'static str = "Coverage";

    fn tell(&self, _: Asking<'_>, field: &Field) -> Option<Value> {
        Some(match field.name.node.as_str() {
            "reported" => Value::from(self.reported),
            "expected" => Value::from(self.expected),
            _ => return None,
        })
    }
}

/// A figure that explains itself.
#[derive(Clone)]
pub struct MetricValue {
    pub figure: Figure,
    pub definition: Arc<catalogue::Definition>,
}

/// A figure that explains itself.
#[Object]
impl MetricValue {
    /// Why there is a value, or why there is none.
    async fn state(&self) -> ValueState {
        self.figure.state.into()
    }

    /// The value, in the metric's unit and with its decimals; 0 where it is NIL, and null
    /// where there is none.
    async fn value(&self) -> Option<f64> {
        number(&self.figure)
    }

    /// What is divided, of a ratio; the weighted sum, of a mean.
    async fn numerator(&self) -> Option<f64> {
        self.figure.numerator.map(|amount| amount.number())
    }

    /// What it is divided by, of a ratio; the weights, of a mean.
    async fn denominator(&self) -> Option<f64> {
        self.figure.denominator.map(|amount| amount.number())
    }

    /// How many organisations it rests on.
    async fn coverage(&self) -> Coverage {
        self.reporters()
    }

    /// How settled its least settled part is; null where nothing was recorded, and for
    /// what the register itself counts.
    async fn status(&self) -> Option<ObservationStatus> {
        self.figure.status.map(Into::into)
    }

    /// Whether it is rounded to the nearest 5, so that nobody can be known by it.
    async fn rounded(&self) -> bool {
        self.figure.rounded
    }

    /// As a person says it: `1,660`, `12.5 %`, `suppressed`, `not submitted`.
    async fn text(&self) -> String {
        InWords(&self.figure, &self.definition).to_string()
    }
}

impl MetricValue {
    fn reporters(&self) -> Coverage {
        Coverage { reported: self.figure.reported, expected: self.figure.expected }
    }
}

impl Told for MetricValue {
    const TYPE: &'static str = "MetricValue";

    fn tell(&self, asking: Asking<'_>, field: &Field) -> Option<Value> {
        let figure = &self.figure;
        Some(match field.name.node.as_str() {
            "state" => enum_value(ValueState::from(figure.state)),
            "value" => scalar(number(figure)),
            "numerator" => scalar(figure.numerator.map(|amount| amount.number())),
            "denominator" => scalar(figure.denominator.map(|amount| amount.number())),
            "coverage" => nested(Some(&self.reporters()), asking, field)?,
            "status" => {
                let status = figure.status.map(ObservationStatus::from);
                status.map_or(Value::Null, enum_value)
            }
            "rounded" => Value::from(figure.rounded),
            "text" => Value::String(InWords(figure, &self.definition).to_string()),
            _ => return None,
        })
    }
}

/// The number of a figure, where it is shown.
pub fn number(figure: &Figure) -> Option<f64> {
    match figure.state {
        figures::ValueState::Value => figure.value.map(|value| value.number()),
        figures::ValueState::Nil => Some(figure.value.map_or(0.0, |value| value.number())),
        figures::ValueState::NotSubmitted
        | figures::ValueState::NotApplicable
        | figures::ValueState::Suppressed => None,
    }
}
