//! A schedule of returns, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::{
    domain::returns::schedule::Schedule,
    graphql::{
        enums::OrganisationKind,
        ids::id_of,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        scalars::Month,
    },
};

/// Which organisations owe which figures, month after month, and by when.
pub struct ReturnSchedule(pub Arc<Schedule>);

/// Which organisations owe which figures, month after month, and by when.
#[Object]
impl ReturnSchedule {
    /// Its id.
    async fn id(&self) -> ID {
        id_of("ReturnSchedule", self.0.row.id)
    }

    /// What the return is called.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// The codes of the metrics that it asks for, in the order of the form.
    async fn metrics(&self) -> &[String] {
        &self.0.metrics
    }

    /// The kind of organisation that owes it: those open at the month's end and, of
    /// sites, those eligible then.
    async fn owed_by(&self) -> OrganisationKind {
        self.0.row.owed_by.into()
    }

    /// Only those that lay within this organisation at the month's end; null for all.
    async fn within(&self, ctx: &Context<'_>) -> Option<Organisation> {
        parts::organisation(ctx, self.0.row.within_id?, viewer(ctx).today())
    }

    /// The first month that it asks for.
    async fn first_month(&self) -> Month {
        Month(self.0.first)
    }

    /// The last one; null while it is open.
    async fn last_month(&self) -> Option<Month> {
        self.0.last.map(Month)
    }

    /// How many days after the month's last one a return is due.
    async fn due_days(&self) -> i32 {
        self.0.row.due_days
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
