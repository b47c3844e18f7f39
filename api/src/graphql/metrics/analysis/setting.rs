//! What is set for a series.

use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};

use crate::{
    domain::{amount::Amount, metrics::settings},
    graphql::scalars::Month,
    ids,
};

/// The value that a metric of an organisation should reach.
#[derive(SimpleObject)]
pub struct Target {
    /// By the end of this month.
    month: Month,
    /// The value, in the metric's unit.
    value: f64,
}

impl From<(ids::Month, Amount)> for Target {
    fn from((month, value): (ids::Month, Amount)) -> Self {
        Self { month: Month(month), value: value.number() }
    }
}

/// From a month on, the limits of a series are worked out anew.
#[derive(Clone)]
pub struct Rebase(pub settings::Rebase);

/// From a month on, the limits of a series are worked out anew.
#[Object]
impl Rebase {
    /// The first month of the new limits.
    async fn month(&self) -> Month {
        Month(self.0.month)
    }

    /// What changed then.
    async fn reason(&self) -> &str {
        &self.0.row.reason
    }

    /// The role of who said so, such as `programme_team`.
    async fn role(&self) -> &str {
        &self.0.role
    }

    /// When it was said.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
}
