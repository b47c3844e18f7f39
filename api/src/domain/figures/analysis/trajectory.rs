//! How a series stands to the targets that are set for it.

use std::collections::BTreeSet;

use super::{RefusalCode, Refused, direction, known, setting::Setting};
use crate::{
    analytics::trajectory::{self, Standing, Target, TrajectoryRefused},
    domain::{
        figures::{Series, periods::Period},
        viewer::Viewer,
    },
    ids::Month,
};

/// Where a series stands, and where it is going.
#[derive(Debug, Clone)]
pub struct Trajectory {
    pub latest: Period,
    pub latest_value: f64,
    /// The slope through the last known points, per period.
    pub recent_rate: Option<f64>,
    pub goals: Vec<Goal>,
    /// Which of the goals is the next ahead.
    pub next: Option<usize>,
}

/// One target, and how the series stands to it.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    pub period: Period,
    pub target: f64,
    pub standing: Standing,
}

/// Holds a series against the targets of its own periods and of those to come.
pub fn trajectory(
    viewer: &Viewer,
    series: &Series,
    setting: &Setting,
) -> Result<Trajectory, Refused> {
    let points = known::whole(series, viewer.today())?;
    let none = || {
        let sentence = "no target is set for these periods or later ones";
        Refused::new(RefusalCode::NoTargets, sentence).with_hint("set some with setTargets")
    };
    let kind = series.points.first().ok_or_else(none)?.period.kind;
    let first = kind.around(series.points[0].period.first).first;
    let of = |month: &Month| kind.around(*month).first;
    let begins: BTreeSet<_> =
        setting.targets.keys().map(of).filter(|begin| *begin >= first).collect();
    let goals: Vec<(Period, Target)> = begins
        .into_iter()
        .filter_map(|begin| {
            let period = kind.around(begin);
            let value = setting.target(&series.metric, period)?.number();
            let after = usize::try_from(begin.since(first) / kind.months()).ok()?;
            Some((period, Target { period: after, value }))
        })
        .collect();
    if goals.is_empty() {
        return Err(none());
    }
    let values: Vec<Option<f64>> =
        points.iter().map(|point| known::number(&point.figure)).collect();
    let targets: Vec<Target> = goals.iter().map(|(_, target)| *target).collect();
    let made = trajectory::trajectory(&values, &targets, direction(series.metric.row.direction))
        .map_err(refused)?;
    let latest = points[made.latest_period].period;
    if let Some(earliest) = points.iter().zip(&values).find(|(_, value)| value.is_some()) {
        let months = (earliest.0.period.first, latest.last());
        known::unbroken(viewer, &series.lines, months)?;
    }
    let goal = |((period, target), standing): ((Period, Target), Standing)| Goal {
        period,
        target: target.value,
        standing,
    };
    Ok(Trajectory {
        latest,
        latest_value: made.latest_value,
        recent_rate: made.recent_rate,
        goals: goals.into_iter().zip(made.standings).map(goal).collect(),
        next: made.next,
    })
}

fn refused(refused: TrajectoryRefused) -> Refused {
    let code = match refused {
        TrajectoryRefused::NoValue => RefusalCode::NoValues,
        TrajectoryRefused::Value { .. } | TrajectoryRefused::Target { .. } => {
            RefusalCode::OutOfRange
        }
    };
    Refused::new(code, refused.to_string())
}
