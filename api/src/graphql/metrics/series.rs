//! Series of figures.

use async_graphql::{Context, Object, SimpleObject, Value, parser::types::Field};
use chrono::{DateTime, Utc};

use super::{
    analysis::{
        change::ChangeResult,
        forecast::ForecastResult,
        loaders::{self, baseline_figures, setting},
        setting::{Rebase, Target},
        spc::SpcResult,
        trajectory::TrajectoryResult,
    },
    definition::MetricDefinition,
    enums::BoundariesKind,
    told::{Asking, Told, nested, told_list},
    value::{MetricValue, Period},
};
use crate::{
    domain::{
        amount::{Amount, NoAmount},
        figures::{
            self,
            analysis::{baseline, forecast, setting::Setting, spc, trajectory},
            boundaries,
        },
    },
    graphql::{
        error::Result,
        organisations::{
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        refusal::Refusal,
        scalars::{Date, Month},
    },
};

/// One metric of one organisation, period after period, and the terms it was asked on.
#[derive(Clone)]
pub struct MetricSeries(pub figures::Series, pub figures::Terms);

/// Which geography figures are on.
#[derive(SimpleObject)]
pub struct Boundaries {
    /// Which.
    kind: BoundariesKind,
    /// The day, of AS_AT.
    as_at: Option<Date>,
}

impl From<boundaries::Boundaries> for Boundaries {
    fn from(boundaries: boundaries::Boundaries) -> Self {
        let (kind, as_at) = match boundaries {
            boundaries::Boundaries::AtPeriod => (BoundariesKind::AtPeriod, None),
            boundaries::Boundaries::Current => (BoundariesKind::Current, None),
            boundaries::Boundaries::AsAt(day) => (BoundariesKind::AsAt, Some(Date(day))),
        };
        Self { kind, as_at }
    }
}

/// From this period on, figures are not comparable with those before.
#[derive(SimpleObject, Clone)]
pub struct SeriesBreak {
    /// The first period under the new definition.
    period: Period,
    /// The definition that begins there; its `breakNote` says why.
    definition: MetricDefinition,
}

impl From<figures::SeriesBreak> for SeriesBreak {
    fn from(broken: figures::SeriesBreak) -> Self {
        let definition = MetricDefinition(broken.definition);
        Self { period: Period(broken.period), definition }
    }
}

/// One figure of a series.
#[derive(SimpleObject)]
pub struct MetricPoint {
    /// Which period.
    period: Period,
    /// The figure.
    value: MetricValue,
    /// What it should reach, if a target is set. Of a longer period it is the sum of its
    /// months' targets where figures add up and each month has one; otherwise the last.
    target: Option<f64>,
}

impl Told for MetricPoint {
    const TYPE: &'static str = "MetricPoint";

    fn tell(&self, asking: Asking<'_>, field: &Field) -> Option<Value> {
        match field.name.node.as_str() {
            "period" => nested(Some(&self.period), asking, field),
            "value" => nested(Some(&self.value), asking, field),
            "target" => Some(self.target.map_or(Value::Null, Value::from)),
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
        self.0.boundaries.into()
    }

    /// When the newest observation in it was recorded; null where there is none.
    async fn freshness(&self) -> Option<DateTime<Utc>> {
        self.0.freshness
    }

    /// One figure for each period, the oldest first.
    async fn points(&self, ctx: &Context<'_>) -> Result<MetricPoints> {
        let metric = &self.0.metric;
        let wanted = ctx.look_ahead().field("target").exists();
        let setting = if wanted { setting(ctx, &self.0).await? } else { Setting::default() };
        let point = |point: &figures::Point| MetricPoint {
            period: Period(point.period),
            value: MetricValue { figure: point.figure, definition: metric.clone() },
            target: setting.target(metric, point.period).map(Amount::number),
        };
        Ok(MetricPoints(self.0.points.iter().map(point).collect()))
    }

    /// Where the definition changed so that figures are not comparable.
    async fn breaks(&self) -> Vec<SeriesBreak> {
        self.0.breaks.iter().cloned().map(SeriesBreak::from).collect()
    }

    /// Every target that is set for it, by month: those of other periods, too.
    async fn targets(&self, ctx: &Context<'_>) -> Result<Vec<Target>> {
        let setting = setting(ctx, &self.0).await?;
        Ok(setting.targets.into_iter().map(Target::from).collect())
    }

    /// From which months on its limits are worked out anew, who said so and why.
    async fn rebases(&self, ctx: &Context<'_>) -> Result<Vec<Rebase>> {
        let setting = setting(ctx, &self.0).await?;
        Ok(setting.rebases.into_iter().map(Rebase).collect())
    }

    /// The series as a control chart (XmR), as the NHS's Making Data Count draws them, with
    /// its limits worked out anew at each rebase and each break. What is not known before
    /// the first value and after the last one is left out. Refused for stocks.
    async fn spc(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default = true,
            desc = "Whether leaps that are themselves exceptional are left out of the limits."
        )]
        screen_outliers: bool,
        #[graphql(
            desc = "How many points make the limits of each segment, 2 or more; all if null."
        )]
        fix_after: Option<i32>,
        #[graphql(desc = "What the process is held against; default: the last point's target.")]
        target: Option<f64>,
    ) -> Result<SpcResult> {
        let target = target.map(Amount::of).transpose();
        let target = target
            .map_err(|no| Refusal::bad_request(format!("a target {}", NoAmount::sentence(no))))?;
        let options = spc::Options::new(screen_outliers, fix_after, target)?;
        let setting = setting(ctx, &self.0).await?;
        Ok(spc::chart(viewer(ctx), &self.0, &setting, options).into())
    }

    /// How it stands to its targets: the gap, the rate that is needed, and whether it is on
    /// course. Refused where no target is set.
    async fn trajectory(&self, ctx: &Context<'_>) -> Result<TrajectoryResult> {
        let setting = setting(ctx, &self.0).await?;
        Ok(trajectory::trajectory(viewer(ctx), &self.0, &setting).into())
    }

    /// Where adoption would go by the Bass model (least squares as in Srinivasan and Mason
    /// 1986), fitted to the known periods of a stock, or to the running sum of a flow; time
    /// begins with the first of them. Refused where the fit is not to be believed.
    async fn forecast(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 12, desc = "How many periods ahead, 1 to 120.")] horizon: i32,
    ) -> Result<ForecastResult> {
        let horizon = forecast::horizon(horizon)?;
        Ok(loaders::forecast(ctx, &self.0, horizon).await.into())
    }

    /// What changed from the baseline to the latest known period. The baseline is the one
    /// that is set, unless other months are sent.
    async fn change_from_baseline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first month of another baseline.")] first: Option<Month>,
        #[graphql(desc = "Its last month; 24 months at most.")] last: Option<Month>,
    ) -> Result<ChangeResult> {
        let sent = baseline::months(first.map(|month| month.0), last.map(|month| month.0))?;
        let months = match sent {
            Some(months) => Some(months),
            None => setting(ctx, &self.0).await?.baseline,
        };
        let Some(months) = months else { return Ok(Err(baseline::none()).into()) };
        let points = baseline_figures(ctx, &self.0, self.1, months).await?;
        Ok(baseline::change(viewer(ctx), &self.0, months, &points).into())
    }
}
