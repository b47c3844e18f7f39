//! Which rule, if any, singles out a point of one segment.

use std::ops::Range;

use super::Limits;

/// How many points make a trend, and a run on one side of the mean.
const SEVEN: usize = 7;

/// The rule that singles out a point. Where several do, the first of this order is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpecialCause {
    /// Above the upper process limit.
    AboveUpperLimit,
    /// Below the lower process limit.
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

impl SpecialCause {
    /// Whether the point speaks for high or rising values, and not for low or falling ones.
    pub fn is_high(self) -> bool {
        match self {
            Self::AboveUpperLimit | Self::RisingTrend | Self::TwoOfThreeAbove | Self::RunAbove => {
                true
            }
            Self::BelowLowerLimit | Self::FallingTrend | Self::TwoOfThreeBelow | Self::RunBelow => {
                false
            }
        }
    }
}

/// The special cause of each point of a segment.
pub(super) fn special_causes(
    values: &[f64],
    mean: f64,
    limits: Option<&Limits>,
) -> Vec<Option<SpecialCause>> {
    let sides: Vec<i8> = values.iter().map(|value| sign(value - mean)).collect();
    let rules = [
        outside(values, limits),
        trends(values),
        two_of_three(values, &sides, limits),
        runs(&sides),
    ];
    (0..values.len()).map(|at| rules.iter().find_map(|rule| rule[at])).collect()
}

fn outside(values: &[f64], limits: Option<&Limits>) -> Vec<Option<SpecialCause>> {
    let beyond = |value: f64| {
        let limits = limits?;
        match (value > limits.upper, value < limits.lower) {
            (true, _) => Some(SpecialCause::AboveUpperLimit),
            (_, true) => Some(SpecialCause::BelowLowerLimit),
            _ => None,
        }
    };
    values.iter().map(|value| beyond(*value)).collect()
}

fn trends(values: &[f64]) -> Vec<Option<SpecialCause>> {
    let steps: Vec<i8> = values.windows(2).map(|pair| sign(pair[1] - pair[0])).collect();
    let causes = (SpecialCause::RisingTrend, SpecialCause::FallingTrend);
    in_windows(values.len(), SEVEN, |window| one_way(&steps[window.start..window.end - 1], causes))
}

/// A point beyond a limit is not near it, and does not make its neighbours special.
fn two_of_three(
    values: &[f64],
    sides: &[i8],
    limits: Option<&Limits>,
) -> Vec<Option<SpecialCause>> {
    let is_near = |value: f64| {
        limits.is_some_and(|limits| {
            (limits.lower..=limits.upper).contains(&value)
                && !(limits.near_lower..=limits.near_upper).contains(&value)
        })
    };
    let near: Vec<bool> = values.iter().map(|value| is_near(*value)).collect();
    let causes = (SpecialCause::TwoOfThreeAbove, SpecialCause::TwoOfThreeBelow);
    let mut found = in_windows(values.len(), 3, |window| {
        let close = near[window.clone()].iter().filter(|near| **near).count();
        if close >= 2 { one_way(&sides[window], causes) } else { None }
    });
    for (cause, near) in found.iter_mut().zip(near) {
        *cause = cause.filter(|_| near);
    }
    found
}

fn runs(sides: &[i8]) -> Vec<Option<SpecialCause>> {
    let causes = (SpecialCause::RunAbove, SpecialCause::RunBelow);
    in_windows(sides.len(), SEVEN, |window| one_way(&sides[window], causes))
}

/// The first cause where all signs are up, the second where all are down.
fn one_way(signs: &[i8], (up, down): (SpecialCause, SpecialCause)) -> Option<SpecialCause> {
    let all = |wanted: i8| signs.iter().all(|sign| *sign == wanted);
    if all(1) {
        Some(up)
    } else if all(-1) {
        Some(down)
    } else {
        None
    }
}

/// Marks every point of each window in which a cause is found; of two, the later stays.
fn in_windows(
    length: usize,
    width: usize,
    find: impl Fn(Range<usize>) -> Option<SpecialCause>,
) -> Vec<Option<SpecialCause>> {
    let mut causes = vec![None; length];
    for end in width..=length {
        let window = end - width..end;
        if let Some(cause) = find(window.clone()) {
            causes[window].fill(Some(cause));
        }
    }
    causes
}

fn sign(difference: f64) -> i8 {
    i8::from(difference > 0.0) - i8::from(difference < 0.0)
}
