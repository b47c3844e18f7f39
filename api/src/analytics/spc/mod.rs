//! Statistical process control: XmR charts, as the NHS's "Making Data Count" draws them.
//!
//! Follows the R package NHSRplotthedots 0.2.2: limits from the average moving range
//! (Shewhart's individuals chart, constants 2.66 and 3.267), four rules for a special
//! cause, and their meaning by the direction that is good. Limits are in the unit of
//! the values and are not clamped, so a percentage may have a limit above 100.
//!
//! It differs from the package in three places. A series that does not move has limits
//! equal to its mean, where R says NaN. A target on a limit, so also on the mean of
//! such a series, is inconsistent. And a trend is called rising or falling after a run
//! of seven that the point is part of, where the package looks only at the next step
//! and calls the top of a rise a fall if another trend begins right behind it.
//!
//! Rebases are the caller's, written down with a reason; none is ever made here.
//! Stocks do not belong on such a chart; the caller knows a stock, these numbers do not.

mod labels;
mod limits;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{Direction, is_usable, mean::mean};
pub use labels::SpecialCause;
pub use limits::Limits;

/// What a chart is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The series, in order of time and without gaps.
    pub values: &'a [f64],
    /// The first point of each new segment, ascending; limits start afresh there.
    pub rebase_at: &'a [usize],
    /// Which way is good.
    pub direction: Direction,
    /// What the process should meet, in the unit of the values.
    pub target: Option<f64>,
    /// Whether moving ranges that are themselves exceptional are left out of the limits.
    pub screen_outliers: bool,
    /// How many points at the start of each segment make its limits; all, if `None`.
    pub fix_after: Option<usize>,
}

/// Why there is no chart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpcRefused {
    /// The series is empty.
    #[error("the series has no points")]
    Empty,
    /// A value is missing, infinite or absurdly large.
    #[error("the value at index {index} is not a number that can be charted")]
    Value {
        /// Where it stands in the series, from 0.
        index: usize,
    },
    /// The target is not finite or absurdly large.
    #[error("the target is not a number that can be charted")]
    Target,
    /// Rebase points must ascend and lie within the series.
    #[error("the rebase point {at} is out of order or beyond the series")]
    Rebase {
        /// The first offending point.
        at: usize,
    },
    /// Limits cannot be made from so few points.
    #[error("limits need at least 2 points, and are to be fixed after {after}")]
    FixAfter {
        /// How many were asked for.
        after: usize,
    },
}

/// A stretch of the series with limits of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// The index of its first point.
    pub first: usize,
    /// The index of its last point.
    pub last: usize,
    /// The centre line.
    pub mean: f64,
    /// The limits; `None` where the segment has fewer than 2 points.
    pub limits: Option<Limits>,
    /// Fewer than 13 points: the limits will move with each new one.
    pub trial: bool,
}

/// What is said of one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointLabel {
    /// Which segment it belongs to, from 0.
    pub segment: usize,
    /// The rule that singles it out, if any does.
    pub special_cause: Option<SpecialCause>,
    /// What that means, given the direction.
    pub meaning: Meaning,
}

/// What a point, or the latest state of the process, means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// No more than the process always varies.
    CommonCause,
    /// A special cause in the good direction.
    Improvement,
    /// A special cause in the bad direction.
    Concern,
    /// High, where neither direction is good.
    NeutralHigh,
    /// Low, where neither direction is good.
    NeutralLow,
}

/// Whether the process, as it is, will meet its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// It will: the target is beyond the limits on the bad side.
    ConsistentPass,
    /// It will not: the target is beyond the limits on the good side.
    ConsistentFail,
    /// It may or may not: the target is within the limits or on one.
    Inconsistent,
}

/// An XmR chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The segments, in order; at least one.
    pub segments: Vec<Segment>,
    /// One label for each value.
    pub points: Vec<PointLabel>,
    /// What the last point means.
    pub variation: Meaning,
    /// The target held against the last segment's limits; `None` where there is no
    /// target, no limit or no good direction.
    pub assurance: Option<Assurance>,
}

/// Draws the chart.
///
/// # Errors
///
/// Refuses a series that is empty or holds a value that is not finite, rebase points
/// out of order, and limits fixed after fewer than 2 points.
pub fn chart(input: &Input<'_>) -> Result<Chart, SpcRefused> {
    check(input)?;
    let mut segments = Vec::with_capacity(input.rebase_at.len() + 1);
    let mut points = Vec::with_capacity(input.values.len());
    for range in ranges(input) {
        let values = &input.values[range.clone()];
        let base = &values[..input.fix_after.unwrap_or(usize::MAX).min(values.len())];
        let mean = mean(base).ok_or(SpcRefused::Empty)?;
        let limits = Limits::around(mean, base, input.screen_outliers);
        points.extend(labels::special_causes(values, mean, limits.as_ref()).into_iter().map(
            |special_cause| PointLabel {
                segment: segments.len(),
                special_cause,
                meaning: meaning(special_cause, input.direction),
            },
        ));
        let trial = values.len() < Segment::SETTLED;
        segments.push(Segment { first: range.start, last: range.end - 1, mean, limits, trial });
    }
    let limits = segments.last().and_then(|segment| segment.limits);
    let assurance = limits
        .zip(input.target)
        .and_then(|(limits, target)| assurance(limits, target, input.direction));
    let variation = points.last().ok_or(SpcRefused::Empty)?.meaning;
    Ok(Chart { segments, points, variation, assurance })
}

/// The limits that values, in order of time, make for the next one: nothing is screened
/// out of them. None for fewer than 2 values, or where one cannot be charted.
pub fn limits_after(values: &[f64]) -> Option<Limits> {
    let centre = mean(values).filter(|_| values.iter().all(|value| is_usable(*value)))?;
    Limits::around(centre, values, false)
}

impl Segment {
    /// From this many points on, limits are no longer called trial limits.
    pub const SETTLED: usize = 13;
}

fn check(input: &Input<'_>) -> Result<(), SpcRefused> {
    if input.values.is_empty() {
        return Err(SpcRefused::Empty);
    }
    if let Some(index) = input.values.iter().position(|value| !is_usable(*value)) {
        return Err(SpcRefused::Value { index });
    }
    if input.target.is_some_and(|target| !is_usable(target)) {
        return Err(SpcRefused::Target);
    }
    let mut from = 0;
    for &at in input.rebase_at {
        if at < from || at >= input.values.len() {
            return Err(SpcRefused::Rebase { at });
        }
        from = at + 1;
    }
    match input.fix_after {
        Some(after) if after < 2 => Err(SpcRefused::FixAfter { after }),
        _ => Ok(()),
    }
}

/// The segments as ranges; a rebase at the first point begins none.
fn ranges(input: &Input<'_>) -> impl Iterator<Item = Range<usize>> {
    let starts = input.rebase_at.iter().copied().filter(|at| *at > 0);
    let ends = starts.clone().chain([input.values.len()]);
    std::iter::once(0).chain(starts).zip(ends).map(|(start, end)| start..end)
}

fn meaning(special_cause: Option<SpecialCause>, direction: Direction) -> Meaning {
    let Some(cause) = special_cause else { return Meaning::CommonCause };
    match (direction, cause.is_high()) {
        (Direction::Increase, true) | (Direction::Decrease, false) => Meaning::Improvement,
        (Direction::Increase, false) | (Direction::Decrease, true) => Meaning::Concern,
        (Direction::Neutral, true) => Meaning::NeutralHigh,
        (Direction::Neutral, false) => Meaning::NeutralLow,
    }
}

fn assurance(limits: Limits, target: f64, direction: Direction) -> Option<Assurance> {
    let (passes, fails) = match direction {
        Direction::Increase => (limits.lower > target, limits.upper < target),
        Direction::Decrease => (limits.upper < target, limits.lower > target),
        Direction::Neutral => return None,
    };
    Some(match (passes, fails) {
        (true, _) => Assurance::ConsistentPass,
        (_, true) => Assurance::ConsistentFail,
        _ => Assurance::Inconsistent,
    })
}
