//! Targets: how far off, how fast it would have to go, and whether it goes that fast.
//!
//! The recent run rate is the slope of an ordinary least squares line through the last
//! known points; the projection goes on at that rate from the latest known value. A
//! straight line is no forecast of a diffusion, see [`bass`](super::bass): it says what
//! happens if the last months go on. Rates are in the unit of the series per period.

use super::{Direction, is_usable};

/// How many of the last known points make the recent run rate.
pub const RECENT: usize = 6;

/// What a series should have reached by the end of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The period, counted as the series is: 0 is its first, and it may lie beyond its end.
    pub period: usize,
    /// The value to reach, in the unit of the series.
    pub value: f64,
}

/// Why there is no trajectory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrajectoryRefused {
    /// No period has a value.
    #[error("no value of the series is known")]
    NoValue,
    /// A value of the series is not finite, or absurdly large.
    #[error("the value of period {period} is not a number")]
    Value {
        /// Its period, from 0.
        period: usize,
    },
    /// A target is not finite, or absurdly large.
    #[error("the target of period {period} is not a number")]
    Target {
        /// Its period, from 0.
        period: usize,
    },
}

/// A target that is due, or past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Due {
    /// The value of its period less the target; `None` where that value is not known.
    pub gap: Option<f64>,
    /// Whether it was met; `None` where that is not known or neither way is better.
    pub met: Option<bool>,
}

/// A target ahead of the latest known value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// The latest known value less the target.
    pub gap: f64,
    /// What each period from the latest known on must add to reach it.
    pub needed_rate: f64,
    /// The value at the target's period, at the recent run rate.
    pub projected: Option<f64>,
    /// Whether that value meets the target; `None` where neither way is better.
    pub on_course: Option<bool>,
}

/// How a series stands to one target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// Its period is not later than the latest known value.
    Due(Due),
    /// Its period is later than the latest known value.
    Ahead(Ahead),
}

/// How a series stands to its targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// The latest period with a value.
    pub latest_period: usize,
    /// Its value.
    pub latest_value: f64,
    /// The slope through the last known points, per period; `None` where only one is known.
    pub recent_rate: Option<f64>,
    /// One for each target, in the order of the targets.
    pub standings: Vec<Standing>,
    /// Which of the targets is the next ahead.
    pub next: Option<usize>,
}

/// Holds a series, one value or none for each consecutive period, against targets.
///
/// # Errors
///
/// Refuses a series without a value, and values and targets that are not finite.
pub fn trajectory(
    series: &[Option<f64>],
    targets: &[Target],
    direction: Direction,
) -> Result<Trajectory, TrajectoryRefused> {
    let known: Vec<(usize, f64)> =
        series.iter().enumerate().filter_map(|(period, value)| Some((period, (*value)?))).collect();
    if let Some(&(period, _)) = known.iter().find(|(_, value)| !is_usable(*value)) {
        return Err(TrajectoryRefused::Value { period });
    }
    if let Some(target) = targets.iter().find(|target| !is_usable(target.value)) {
        return Err(TrajectoryRefused::Target { period: target.period });
    }
    let &latest = known.last().ok_or(TrajectoryRefused::NoValue)?;
    let recent_rate = slope(&known[known.len().saturating_sub(RECENT)..]);
    let standing = |target: &Target| {
        if target.period > latest.0 {
            Standing::Ahead(ahead(latest, *target, recent_rate, direction))
        } else {
            Standing::Due(due(series[target.period], target.value, direction))
        }
    };
    let later = targets.iter().enumerate().filter(|(_, target)| target.period > latest.0);
    Ok(Trajectory {
        latest_period: latest.0,
        latest_value: latest.1,
        recent_rate,
        standings: targets.iter().map(standing).collect(),
        next: later.min_by_key(|(_, target)| target.period).map(|(index, _)| index),
    })
}

fn due(value: Option<f64>, target: f64, direction: Direction) -> Due {
    Due {
        gap: value.map(|value| value - target),
        met: value.and_then(|value| meets(value, target, direction)),
    }
}

fn ahead(
    (period, value): (usize, f64),
    target: Target,
    recent_rate: Option<f64>,
    direction: Direction,
) -> Ahead {
    let periods = (target.period - period) as f64;
    let projected = recent_rate.map(|rate| value + rate * periods);
    Ahead {
        gap: value - target.value,
        needed_rate: (target.value - value) / periods,
        projected,
        on_course: projected.and_then(|value| meets(value, target.value, direction)),
    }
}

fn meets(value: f64, target: f64, direction: Direction) -> Option<bool> {
    match direction {
        Direction::Increase => Some(value >= target),
        Direction::Decrease => Some(value <= target),
        Direction::Neutral => None,
    }
}

/// The least squares slope; `None` for fewer than two points.
fn slope(points: &[(usize, f64)]) -> Option<f64> {
    let &(first, level) = points.first()?;
    let count = points.len() as f64;
    let moved = points.iter().map(|&(period, value)| ((period - first) as f64, value - level));
    let (times, rises) = moved.clone().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    let (time, rise) = (times / count, rises / count);
    let (together, spread) = moved.fold((0.0, 0.0), |sum, at| {
        (sum.0 + (at.0 - time) * (at.1 - rise), sum.1 + (at.0 - time).powi(2))
    });
    (spread > 0.0).then(|| together / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    fn only(series: &[Option<f64>], period: usize, value: f64, direction: Direction) -> Standing {
        let target = Target { period, value };
        trajectory(series, &[target], direction).unwrap().standings[0]
    }

    #[test]
    fn what_is_no_series_is_refused() {
        let refused = |series: &[Option<f64>], value| {
            trajectory(series, &[Target { period: 3, value }], Direction::Increase).unwrap_err()
        };
        assert_eq!(refused(&[], 1.0), TrajectoryRefused::NoValue);
        assert_eq!(refused(&[None, None], 1.0), TrajectoryRefused::NoValue);
        let series = [Some(1.0), None, Some(f64::NAN)];
        assert_eq!(refused(&series, 1.0), TrajectoryRefused::Value { period: 2 });
        assert_eq!(refused(&[Some(1.0)], f64::NAN), TrajectoryRefused::Target { period: 3 });
    }

    /// From 10 to 16 by two a period; 30 by period 7 takes 14 in four periods, 3.5 each,
    /// and two each lead to 24.
    #[test]
    fn a_target_ahead_needs_a_rate() {
        let expected =
            Ahead { gap: -14.0, needed_rate: 3.5, projected: Some(24.0), on_course: Some(false) };
        let series = known(&[10.0, 12.0, 14.0, 16.0]);
        assert_eq!(only(&series, 7, 30.0, Direction::Increase), Standing::Ahead(expected));
        let fewer = Ahead { on_course: Some(true), ..expected };
        assert_eq!(only(&series, 7, 30.0, Direction::Decrease), Standing::Ahead(fewer));
        let neither = Ahead { on_course: None, ..expected };
        assert_eq!(only(&series, 7, 30.0, Direction::Neutral), Standing::Ahead(neither));
        let Standing::Ahead(exact) = only(&series, 7, 24.0, Direction::Increase) else { panic!() };
        assert_eq!((exact.on_course, exact.needed_rate), (Some(true), 2.0));
    }

    #[test]
    fn a_target_that_is_due_was_met_or_not() {
        let series = [Some(10.0), None, Some(14.0)];
        let due = |period, value, direction| match only(&series, period, value, direction) {
            Standing::Due(due) => (due.gap, due.met),
            Standing::Ahead(ahead) => panic!("{ahead:?}"),
        };
        assert_eq!(due(2, 14.0, Direction::Increase), (Some(0.0), Some(true)));
        assert_eq!(due(0, 11.0, Direction::Increase), (Some(-1.0), Some(false)));
        assert_eq!(due(0, 11.0, Direction::Decrease), (Some(-1.0), Some(true)));
        assert_eq!(due(0, 11.0, Direction::Neutral), (Some(-1.0), None));
        assert_eq!(due(1, 11.0, Direction::Increase), (None, None));
    }

    /// Periods 0, 1 and 4 have 0, 1 and 10. Around the means of 5/3 and 11/3 the products
    /// add to 204/9 and the squares to 78/9.
    #[test]
    fn a_hole_in_the_series_is_time_all_the_same() {
        let series = [Some(0.0), Some(1.0), None, None, Some(10.0), None];
        let trajectory = trajectory(&series, &[], Direction::Increase).unwrap();
        assert!((trajectory.recent_rate.unwrap() - 204.0 / 78.0).abs() < 1e-12);
        assert_eq!((trajectory.latest_period, trajectory.latest_value), (4, 10.0));
        assert_eq!(trajectory.next, None);
    }

    #[test]
    fn only_the_last_six_known_points_are_recent() {
        let series = known(&[900.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let rate = trajectory(&series, &[], Direction::Increase).unwrap().recent_rate.unwrap();
        assert!((rate - 1.0).abs() < 1e-12);
    }

    #[test]
    fn one_point_has_no_rate() {
        let Standing::Ahead(ahead) = only(&known(&[4.0]), 2, 8.0, Direction::Increase) else {
            panic!()
        };
        assert_eq!((ahead.needed_rate, ahead.projected, ahead.on_course), (2.0, None, None));
    }

    #[test]
    fn the_next_target_is_the_earliest_ahead() {
        let targets = [(9, 1.0), (0, 2.0), (5, 3.0), (1, 4.0)]
            .map(|(period, value)| Target { period, value });
        let trajectory = trajectory(&known(&[1.0, 2.0]), &targets, Direction::Increase).unwrap();
        assert_eq!(trajectory.next, Some(2));
        assert_eq!(trajectory.standings.len(), 4);
    }
}
