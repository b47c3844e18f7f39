//! What became of a figure since the months that it is compared with.

use std::{
    collections::{HashMap, HashSet},
    hash::{Hash, Hasher},
    sync::Arc,
};

use entity::metric_version::Aggregation;

use super::{RefusalCode, Refused, known, setting::adds_over_time};
use crate::{
    analytics::change::{self, Ratio},
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        figures::{
            Point, Series, Terms, ValueState,
            periods::{Period, PeriodKind, Periods},
            series::{self, few_enough},
        },
        metrics::{catalogue::Lines, units_of_one},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// The first and the last month of a baseline.
pub type Months = (Month, Month);

/// The figures of a baseline, wanted on the terms of a series.
#[derive(Debug, Clone)]
pub struct BaselineOf {
    terms: Terms,
    lines: Lines,
    organisation: Arc<Organisation>,
    months: Months,
}

/// What changed since.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    pub months: Months,
    pub baseline: f64,
    pub latest: Period,
    pub value: f64,
    pub numbers: change::Change,
}

impl BaselineOf {
    pub fn new(series: &Series, terms: Terms, months: Months) -> Self {
        let (lines, organisation) = (series.lines.clone(), series.organisation.clone());
        Self { terms, lines, organisation, months }
    }

    fn key(&self) -> (Terms, OrganisationId, &[(Month, i64)], Months) {
        (self.terms, self.organisation.id(), &self.lines.series, self.months)
    }
}

impl PartialEq for BaselineOf {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for BaselineOf {}

impl Hash for BaselineOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// The months of a baseline, as somebody sends them; none if they send none.
pub fn months(first: Option<Month>, last: Option<Month>) -> Result<Option<Months>, Failure> {
    const MOST: i32 = 24;
    match (first, last) {
        (None, None) => Ok(None),
        (Some(first), Some(last)) if first <= last && last.since(first) < MOST => {
            Ok(Some((first, last)))
        }
        _ => {
            let sentence = format!("a baseline is 1 to {MOST} months: send its first and its last");
            Err(Failure::BadRequest(sentence))
        }
    }
}

/// The figures of many baselines, month by month: in as many statements as there are
/// different terms.
pub async fn figures(
    viewer: &Viewer,
    wanted: &[BaselineOf],
) -> Result<HashMap<BaselineOf, Vec<Point>>, Failure> {
    let mut groups: HashMap<Terms, Vec<&BaselineOf>> = HashMap::new();
    for each in wanted {
        groups.entry(each.terms).or_default().push(each);
    }
    let mut found = HashMap::new();
    for (terms, group) in groups {
        let all = all(viewer, terms, &group).await?;
        for each in group {
            let key = (each.organisation.id(), each.lines.series.as_slice());
            let points = all.get(&key).into_iter().flatten();
            let within =
                |point: &&Point| (each.months.0..=each.months.1).contains(&point.period.first);
            found.insert(each.clone(), points.filter(within).copied().collect());
        }
    }
    Ok(found)
}

type Key<'a> = (OrganisationId, &'a [(Month, i64)]);

/// Every metric of every organisation of a group, over all the months of its baselines.
async fn all<'a>(
    viewer: &Viewer,
    terms: Terms,
    group: &[&'a BaselineOf],
) -> Result<HashMap<Key<'a>, Vec<Point>>, Failure> {
    let (mut metrics, mut organisations) = (Vec::new(), Vec::new());
    let (mut known, mut there) = (HashMap::new(), HashSet::new());
    for each in group {
        if !known.contains_key(&each.lines.series) {
            known.insert(each.lines.series.clone(), each.lines.series.as_slice());
            metrics.push(each.lines.clone());
        }
        if there.insert(each.organisation.id()) {
            organisations.push(each.organisation.clone());
        }
    }
    let first = group.iter().map(|each| each.months.0).min();
    let last = group.iter().map(|each| each.months.1).max();
    let Some((first, last)) = first.zip(last) else { return Ok(HashMap::new()) };
    let question = terms.over(Periods::new(PeriodKind::Month, first, last)?);
    few_enough(metrics.len() * organisations.len() * question.periods.len())?;
    let found = series::of(viewer, &question, &metrics, &organisations).await?;
    let keyed = found.into_iter().filter_map(|series| {
        Some(((series.organisation.id(), *known.get(&series.lines.series)?), series.points))
    });
    Ok(keyed.collect())
}

/// What changed from the baseline, whose figures are `points`, to the latest known figure.
pub fn change(
    viewer: &Viewer,
    series: &Series,
    months: Months,
    points: &[Point],
) -> Result<Change, Refused> {
    let run = known::whole(series, viewer.today())?;
    let value = |point: &Point| Some((point.period, known::number(&point.figure)?));
    let latest = run.iter().rev().find_map(value).ok_or_else(|| {
        Refused::new(RefusalCode::NoValues, "no figure is known in these periods")
    })?;
    known::unbroken(
        viewer,
        &series.lines,
        (months.0.min(latest.0.first), months.1.max(latest.0.last())),
    )?;
    let baseline = baseline(series, latest.0.kind, points)?;
    let numbers = change::from_baseline(baseline, latest.1).ok_or_else(|| {
        Refused::new(RefusalCode::OutOfRange, "the difference is too large to be told")
    })?;
    Ok(Change { months, baseline, latest: latest.0, value: latest.1, numbers })
}

/// No baseline is set, and none was sent.
pub fn none() -> Refused {
    Refused::new(RefusalCode::NoBaseline, "no baseline is set for this series")
        .with_hint("set one with setBaseline, or send its first and last month")
}

/// What the months of a baseline come to. Ratios and weighted means are divided anew;
/// what adds up over time is an average month, times the months of a period; anything
/// else is an average.
fn baseline(series: &Series, kind: PeriodKind, points: &[Point]) -> Result<f64, Refused> {
    for point in points {
        let (code, word, hint) = match point.figure.state {
            ValueState::Value | ValueState::Nil => continue,
            ValueState::Suppressed => {
                (RefusalCode::Hidden, "hidden", "ask for a larger area, whose figures are not")
            }
            ValueState::NotSubmitted | ValueState::NotApplicable => {
                (RefusalCode::Gaps, "not known", "choose months that were all reported")
            }
        };
        let sentence = format!("the figure of {}, in the baseline, is {word}", point.period);
        return Err(Refused::new(code, sentence).with_hint(hint));
    }
    let nothing = || Refused::new(RefusalCode::NoValues, "the baseline has no value");
    let total = || -> Option<f64> { points.iter().map(|point| known::number(&point.figure)).sum() };
    let average = || total().map(|total| total / points.len() as f64).filter(|it| it.is_finite());
    match series.metric.row.aggregation {
        Aggregation::RatioOfSums | Aggregation::WeightedMean => pooled(series, points)?,
        Aggregation::MedianOfRecords if points.len() > 1 => {
            let sentence = "medians of several months make no median";
            let hint = "choose a baseline of one month";
            return Err(Refused::new(RefusalCode::NotAdditive, sentence).with_hint(hint));
        }
        _ if adds_over_time(&series.metric) => {
            average().map(|average| average * f64::from(kind.months()))
        }
        Aggregation::Sum | Aggregation::DistinctCount | Aggregation::MedianOfRecords => average(),
    }
    .ok_or_else(nothing)
}

fn pooled(series: &Series, points: &[Point]) -> Result<Option<f64>, Refused> {
    let sum = |part: fn(&Point) -> Option<f64>| -> Option<f64> { points.iter().map(part).sum() };
    let above = sum(|point| point.figure.numerator.map(|amount| amount.number()));
    let below = sum(|point| point.figure.denominator.map(|amount| amount.number()));
    let (Some(above), Some(denominator)) = (above, below) else {
        let sentence = "what the figures of the baseline are made of is hidden";
        return Err(Refused::new(RefusalCode::Hidden, sentence));
    };
    let numerator = above * units_of_one(&series.metric) as f64;
    Ok(Ratio { numerator, denominator }.rate())
}
