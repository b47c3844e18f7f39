//! Series of figures.

use async_graphql::{Context, Object, SimpleObject, Value, parser::types::Field};
use chrono::{DateTime, Utc};

use super::{
    definition::MetricDefinition,
    enums::BoundariesKind,
    told::{Asking, Told, nested, told_list},
    value::{MetricValue, Period},
};
use crate::{
    domain::figures::{self, boundaries},
    graphql::{
        organisations::{
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        scalars::Date,
    },
};

/// One metric of one organisation, period after period.
#[derive(Clone)]
pub struct MetricSeries(pub figures::Series);

/// Which geography figures are on.
#[derive(SimpleObject)]
pub struct Boundaries {
    /// Which.
    kind: BoundariesKind,
    /// The day, of AS_AT.
    as_at: Option<Date>,
}

/// From this period on, figures are not comparable with those before.
#[derive(SimpleObject)]
pub struct SeriesBreak {
    /// The first period under the new definition.
    period: Period,
    /// The definition that begins there; its `breakNote` says why.
    definition: MetricDefinition,
}

/// One figure of a series.
#[derive(SimpleObject)]
pub struct MetricPoint {
    /// Which period.
    period: Period,
    /// The figure.
    value: MetricValue,
}

impl Told for MetricPoint {
    const TYPE: &'static str = "MetricPoint";

    fn tell(&self, asking: Asking<'_>, field: &Field) -> Option<Value> {
        match field.name.node.as_str() {
            "period" => nested(Some(&self.period), asking, field),
            "value" => nested(Some(&self.value), asking, field),
            _ => None,
        }
    }
}

told_list! {
    /// The figures of a series.
    MetricPoints of MetricPoint
}

/// One metric of one organisation, period after period.
#[Object]
impl MetricSeries {
    /// The definition that figures are shown by: the newest one that is meant.
    async fn metric(&self) -> MetricDefinition {
        MetricDefinition(self.0.metric.clone())
    }

    /// Whose figures they are, as it is today; the programme's body stands for England.
    async fn organisation(&self, ctx: &Context<'_>) -> Organisation {
        let organisation = self.0.organisation.clone();
        Seen { organisation, day: viewer(ctx).today() }.into()
    }

    /// The geography that was used. Figures under disclosure control are always on that
    /// of each period, whatever was asked.
    async fn boundaries(&self) -> Boundaries {
        let (kind, as_at) = match self.0.boundaries {
            boundaries::Boundaries::AtPeriod => (BoundariesKind::AtPeriod, None),
            boundaries::Boundaries::Current => (BoundariesKind::Current, None),
            boundaries::Boundaries::AsAt(day) => (BoundariesKind::AsAt, Some(Date(day))),
        };
        Boundaries { kind, as_at }
    }

    /// When the newest observation in it was recorded; null where there is none.
    async fn freshness(&self) -> Option<DateTime<Utc>> {
        self.0.freshness
    }

    /// One figure for each period, the oldest first.
    async fn points(&self) -> MetricPoints {
        let point = |point: &figures::Point| MetricPoint {
            period: Period(point.period),
            value: MetricValue { figure: point.figure, definition: self.0.metric.clone() },
        };
        MetricPoints(self.0.points.iter().map(point).collect())
    }

    /// Where the definition changed so that figures are not comparable.
    async fn breaks(&self) -> Vec<SeriesBreak> {
        let each = |each: &figures::SeriesBreak| SeriesBreak {
            period: Period(each.period),
            definition: MetricDefinition(each.definition.clone()),
        };
        self.0.breaks.iter().map(each).collect()
    }
}
