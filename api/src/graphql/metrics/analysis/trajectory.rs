//! Trajectories, as clients see them.

use async_graphql::{SimpleObject, Union};

use super::{answer_or_reason, refused::AnalysisRefused};
use crate::{
    analytics::trajectory::{Ahead, Due, Standing},
    domain::figures::analysis::trajectory as domain,
    graphql::metrics::value::Period,
};

/// A trajectory, or why there is none.
#[derive(Union)]
pub enum TrajectoryResult {
    Trajectory(Trajectory),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(TrajectoryResult, Trajectory, domain::Trajectory);

/// How a series stands to its targets. Rates are in the metric's unit per period.
#[derive(SimpleObject)]
pub struct Trajectory {
    /// The latest period with a value.
    latest: Period,
    /// Its value.
    latest_value: f64,
    /// The slope of a straight line through the last 6 known points; null if there is one.
    recent_rate: Option<f64>,
    /// The next target ahead; null where all are due.
    next: Option<TrajectoryTarget>,
    /// Every target from the first period of the series on.
    targets: Vec<TrajectoryTarget>,
}

/// How a series stands to one target.
#[derive(SimpleObject, Clone, Copy)]
pub struct TrajectoryTarget {
    /// By the end of this period.
    period: Period,
    /// The value to reach.
    target: f64,
    /// Whether a value of this period or a later one is known already.
    due: bool,
    /// The value less the target: that of the period, once it is due, or else the latest.
    /// Null where the value of a due period is not known.
    gap: Option<f64>,
    /// Whether a due target was met; null where that is not known.
    met: Option<bool>,
    /// What each period must add to reach a target ahead.
    needed_rate: Option<f64>,
    /// The value at a target ahead, at the recent rate.
    projected: Option<f64>,
    /// Whether that meets the target; null where neither way is good.
    on_course: Option<bool>,
}

impl From<domain::Trajectory> for Trajectory {
    fn from(trajectory: domain::Trajectory) -> Self {
        let targets: Vec<_> = trajectory.goals.into_iter().map(TrajectoryTarget::from).collect();
        Self {
            latest: Period(trajectory.latest),
            latest_value: trajectory.latest_value,
            recent_rate: trajectory.recent_rate,
            next: trajectory.next.and_then(|next| targets.get(next).copied()),
            targets,
        }
    }
}

impl From<domain::Goal> for TrajectoryTarget {
    fn from(goal: domain::Goal) -> Self {
        let bare = Self {
            period: Period(goal.period),
            target: goal.target,
            due: true,
            gap: None,
            met: None,
            needed_rate: None,
            projected: None,
            on_course: None,
        };
        match goal.standing {
            Standing::Due(Due { gap, met }) => Self { gap, met, ..bare },
            Standing::Ahead(Ahead { gap, needed_rate, projected, on_course }) => Self {
                due: false,
                gap: Some(gap),
                needed_rate: Some(needed_rate),
                projected,
                on_course,
                ..bare
            },
        }
    }
}
