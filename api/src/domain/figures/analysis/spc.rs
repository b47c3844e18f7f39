//! Control charts of a series, with the rebases that people have set for it.

use std::collections::BTreeMap;

use entity::metric_version::Kind;

use super::{RefusalCode, Refused, direction, known, setting::Setting};
use crate::{
    analytics::spc::{self, Assurance, Input, Meaning, PointLabel, SpcRefused},
    domain::{
        amount::Amount,
        error::Failure,
        figures::{Series, SeriesBreak, periods::Period},
        metrics::{catalogue::Catalogue, derivation::Derivation, settings::Rebase},
        viewer::Viewer,
    },
};

/// How a chart is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    screen_outliers: bool,
    fix_after: Option<usize>,
    target: Option<Amount>,
}

/// A chart of a series.
#[derive(Debug, Clone)]
pub struct Chart {
    pub segments: Vec<Segment>,
    pub points: Vec<ChartPoint>,
    pub variation: Meaning,
    /// What the process is held against, if anything.
    pub target: Option<f64>,
    pub assurance: Option<Assurance>,
}

/// A stretch with limits of its own, and why it begins.
#[derive(Debug, Clone)]
pub struct Segment {
    pub from: Period,
    pub to: Period,
    pub numbers: spc::Segment,
    /// The rebases that it begins with; of the first segment, the last one before it.
    pub rebases: Vec<Rebase>,
    pub breaks: Vec<SeriesBreak>,
}

#[derive(Debug, Clone, Copy)]
pub struct ChartPoint {
    pub period: Period,
    pub value: f64,
    pub label: PointLabel,
}

impl Options {
    pub fn new(
        screen_outliers: bool,
        fix_after: Option<i32>,
        target: Option<Amount>,
    ) -> Result<Self, Failure> {
        let fix_after = fix_after.map(|after| match usize::try_from(after) {
            Ok(after) if after >= 2 => Ok(after),
            _ => Err(Failure::BadRequest("limits are fixed after at least 2 points".to_owned())),
        });
        Ok(Self { screen_outliers, fix_after: fix_after.transpose()?, target })
    }
}

/// Why a new segment begins.
#[derive(Default)]
struct Start {
    rebases: Vec<Rebase>,
    breaks: Vec<SeriesBreak>,
}

/// Draws the chart of a series, its limits starting afresh at each rebase, and where the
/// definition changed so that figures are not comparable.
pub fn chart(
    viewer: &Viewer,
    series: &Series,
    setting: &Setting,
    options: Options,
) -> Result<Chart, Refused> {
    let row = &series.metric.row;
    if row.kind == Kind::Stock {
        return Err(not_for_stocks(&viewer.catalogue(), &row.code));
    }
    let run = known::run(series, viewer.today())?;
    let mut starts = starts(series, setting, &run);
    let rebase_at: Vec<usize> = starts.keys().copied().filter(|at| *at > 0).collect();
    let values: Vec<f64> = run.iter().map(|(_, value)| *value).collect();
    let set = || run.last().and_then(|(last, _)| setting.target(&series.metric, *last));
    let target = options.target.or_else(set).map(Amount::number);
    let input = Input {
        values: &values,
        rebase_at: &rebase_at,
        direction: direction(row.direction),
        target,
        screen_outliers: options.screen_outliers,
        fix_after: options.fix_after,
    };
    let drawn = spc::chart(&input).map_err(refused)?;
    let mut segment = |numbers: spc::Segment| {
        let Start { rebases, breaks } = starts.remove(&numbers.first).unwrap_or_default();
        let (from, to) = (run[numbers.first].0, run[numbers.last].0);
        Segment { from, to, numbers, rebases, breaks }
    };
    let point = |(&(period, value), label)| ChartPoint { period, value, label };
    Ok(Chart {
        segments: drawn.segments.into_iter().map(&mut segment).collect(),
        points: run.iter().zip(drawn.points).map(point).collect(),
        variation: drawn.variation,
        target,
        assurance: drawn.assurance,
    })
}

/// Where segments begin, by the index of their first point. What happened after the last
/// point begins none, and of what happened before the second only the latest counts.
fn starts(series: &Series, setting: &Setting, run: &[(Period, f64)]) -> BTreeMap<usize, Start> {
    let index = |period: Period| run.partition_point(|(known, _)| known.first < period.first);
    let mut starts: BTreeMap<usize, Start> = BTreeMap::new();
    for rebase in &setting.rebases {
        let at = index(series.points[0].period.kind.around(rebase.month));
        let start = starts.entry(at).or_default();
        if at == 0 {
            start.rebases.clear();
        }
        start.rebases.push(rebase.clone());
    }
    for broken in &series.breaks {
        starts.entry(index(broken.period)).or_default().breaks.push(broken.clone());
    }
    starts.retain(|at, _| *at < run.len());
    starts
}

fn not_for_stocks(catalogue: &Catalogue, code: &str) -> Refused {
    let is_flow =
        |derivation: &Derivation| matches!(derivation, Derivation::Difference { of } if of == code);
    let mut flows =
        catalogue.published().filter(|each| each.derivation.as_ref().is_some_and(is_flow));
    let hint = flows.next().map_or_else(
        || {
            format!(
                "chart what it changes by: define a metric with the derivation `difference {code}`"
            )
        },
        |flow| format!("chart {}, what it changes by each month", flow.row.code),
    );
    let sentence = format!(
        "{code} is a stock: each value rests on the one before, so limits would call its growth special"
    );
    Refused::new(RefusalCode::SpcNotForStocks, sentence).with_hint(hint)
}

fn refused(refused: SpcRefused) -> Refused {
    let code = match refused {
        SpcRefused::Empty => RefusalCode::NoValues,
        SpcRefused::Value { .. }
        | SpcRefused::Target
        | SpcRefused::Rebase { .. }
        | SpcRefused::FixAfter { .. } => RefusalCode::OutOfRange,
    };
    Refused::new(code, refused.to_string())
}
