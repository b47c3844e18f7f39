//! `rebaseSeries`: limits worked out anew from a month on.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{idempotency::IdempotencyKey, metrics::settings},
    graphql::{
        access::access,
        error::Result,
        organisations::{by::OrganisationBy, interfaces::Organisation, parts, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Month,
    },
};

/// From which month on the limits of a series are worked out anew.
#[derive(InputObject)]
pub struct RebaseSeriesInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and sets nothing twice.
    idempotency_key: ID,
    /// The metric's code.
    metric: String,
    /// Whose series it is.
    organisation: OrganisationBy,
    /// The first month of the new limits.
    month: Month,
    /// What changed then, in 8 to 500 characters.
    reason: String,
}

/// What became of `rebaseSeries`.
#[derive(Union)]
pub enum RebaseSeriesPayload {
    SeriesRebased(SeriesRebased),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The series is rebased.
#[derive(SimpleObject)]
pub struct SeriesRebased {
    /// Whose series it is; read it with `metricSeries`.
    organisation: Organisation,
}

#[derive(Default)]
pub struct RebaseSeriesMutation;

#[Object]
impl RebaseSeriesMutation {
    /// Has the limits of a series worked out anew from a month on, because something is known
    /// to have changed then. Everybody sees who said so and why.
    #[graphql(directive = access::apply(Action::RebaseSeries.into()))]
    async fn rebase_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where and why.")] input: RebaseSeriesInput,
    ) -> Result<Option<RebaseSeriesPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RebaseSeries)?;
        let key = input.idempotency_key.to_string();
        let command = settings::RebaseSeries {
            metric: input.metric,
            organisation: input.organisation.read()?,
            month: input.month.0,
            reason: input.reason,
        };
        let done = match IdempotencyKey::new(&key, "rebaseSeries", &format!("{command:?}")) {
            Ok(key) => settings::rebase_series(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |organisation| {
            let organisation = parts::organisation(ctx, organisation, viewer.today())?;
            Some(SeriesRebased { organisation }.into())
        })
    }
}
