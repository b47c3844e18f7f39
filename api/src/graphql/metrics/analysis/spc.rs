//! Control charts, as clients see them.

use async_graphql::{Enum, SimpleObject, Union};

use super::{answer_or_reason, refused::AnalysisRefused, setting::Rebase};
use crate::{
    analytics::spc,
    domain::figures::analysis::spc as domain,
    graphql::metrics::{series::SeriesBreak, value::Period},
};

/// The rule that singles out a point. Where several do, the first of these is said.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "spc::SpecialCause")]
pub enum SpcSpecialCause {
    /// Above the upper limit.
    AboveUpperLimit,
    /// Below the lower limit.
    BelowLowerLimit,
    /// One of seven points in a row that each rise.
    RisingTrend,
    /// One of seven points in a row that each fall.
    FallingTrend,
    /// One of two points of three near the upper limit, the three above the mean.
    TwoOfThreeAbove,
    /// One of two points of three near the lower limit, the three below the mean.
    TwoOfThreeBelow,
    /// One of seven points in a row above the mean.
    RunAbove,
    /// One of seven points in a row below the mean.
    RunBelow,
}

/// What a point, or the latest state of a process, means.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "spc::Meaning")]
pub enum SpcMeaning {
    /// No more than the process always varies.
    CommonCause,
    /// A special cause in the good direction.
    Improvement,
    /// A special cause in the bad direction.
    Concern,
    /// A special cause upwards, where neither direction is good.
    NeutralHigh,
    /// A special cause downwards, where neither direction is good.
    NeutralLow,
}

/// Whether a process, as it is, will meet its target.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "spc::Assurance")]
pub enum SpcAssurance {
    /// It will: the target is beyond the limits on the bad side.
    ConsistentPass,
    /// It will not: the target is beyond the limits on the good side.
    ConsistentFail,
    /// It may or may not: the target is within the limits or on one.
    Inconsistent,
}

/// A control chart, or why there is none.
#[derive(Union)]
pub enum SpcResult {
    SpcChart(SpcChart),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(SpcResult, SpcChart, domain::Chart);

/// A control chart of single values and moving ranges (XmR).
#[derive(SimpleObject)]
pub struct SpcChart {
    /// Its stretches with limits of their own, the oldest first.
    segments: Vec<SpcSegment>,
    /// Its points, the oldest first.
    points: Vec<SpcPoint>,
    /// What the last point means.
    variation: SpcMeaning,
    /// What the process is held against, in the metric's unit; null if nothing.
    target: Option<f64>,
    /// The target held against the last limits; null where there is no target, no limit
    /// or no good direction.
    assurance: Option<SpcAssurance>,
}

/// A stretch of a chart with limits of its own. Limits are in the metric's unit and not
/// cut off: those of a percentage may lie above 100.
#[derive(SimpleObject)]
pub struct SpcSegment {
    /// Its first period.
    from: Period,
    /// Its last period.
    to: Period,
    /// The centre line.
    mean: f64,
    /// The lower limit; null, as all limits, where fewer than 2 points make them.
    lower: Option<f64>,
    /// The upper limit.
    upper: Option<f64>,
    /// Two thirds of the way from the mean to the lower limit.
    near_lower: Option<f64>,
    /// Two thirds of the way from the mean to the upper limit.
    near_upper: Option<f64>,
    /// Fewer than 13 points: the limits will move with each new one.
    trial: bool,
    /// The rebases that it begins with; of the first segment, the last one before it.
    rebases: Vec<Rebase>,
    /// The breaks of the series that it begins with.
    breaks: Vec<SeriesBreak>,
}

/// One point of a chart.
#[derive(SimpleObject)]
pub struct SpcPoint {
    /// Its period.
    period: Period,
    /// Its value.
    value: f64,
    /// Which segment it belongs to, from 0 on.
    segment: i32,
    /// The rule that singles it out; null for common cause.
    special_cause: Option<SpcSpecialCause>,
    /// What that means, given which way is good.
    meaning: SpcMeaning,
}

impl From<domain::Chart> for SpcChart {
    fn from(chart: domain::Chart) -> Self {
        Self {
            segments: chart.segments.into_iter().map(Into::into).collect(),
            points: chart.points.into_iter().map(SpcPoint::from).collect(),
            variation: chart.variation.into(),
            target: chart.target,
            assurance: chart.assurance.map(Into::into),
        }
    }
}

impl From<domain::Segment> for SpcSegment {
    fn from(segment: domain::Segment) -> Self {
        let spc::Segment { mean, limits, trial, .. } = segment.numbers;
        let limit = |of: fn(spc::Limits) -> f64| limits.map(of);
        Self {
            from: Period(segment.from),
            to: Period(segment.to),
            mean,
            lower: limit(|limits| limits.lower),
            upper: limit(|limits| limits.upper),
            near_lower: limit(|limits| limits.near_lower),
            near_upper: limit(|limits| limits.near_upper),
            trial,
            rebases: segment.rebases.into_iter().map(Rebase).collect(),
            breaks: segment.breaks.into_iter().map(SeriesBreak::from).collect(),
        }
    }
}

impl From<domain::ChartPoint> for SpcPoint {
    fn from(point: domain::ChartPoint) -> Self {
        let spc::PointLabel { segment, special_cause, meaning } = point.label;
        Self {
            period: Period(point.period),
            value: point.value,
            segment: i32::try_from(segment).unwrap_or(i32::MAX),
            special_cause: special_cause.map(Into::into),
            meaning: meaning.into(),
        }
    }
}
