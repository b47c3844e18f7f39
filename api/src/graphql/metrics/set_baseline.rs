//! `setBaseline`: the months that a series is compared with.

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

/// The months that a metric of an organisation is compared with.
#[derive(InputObject)]
pub struct SetBaselineInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and sets nothing twice.
    idempotency_key: ID,
    /// The metric's code.
    metric: String,
    /// Whose series it is.
    organisation: OrganisationBy,
    /// The first month.
    first: Month,
    /// The last month; 24 months at most.
    last: Month,
}

/// What became of `setBaseline`.
#[derive(Union)]
pub enum SetBaselinePayload {
    BaselineSet(BaselineSet),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The baseline is set.
#[derive(SimpleObject)]
pub struct BaselineSet {
    /// Whose series it is; read it with `metricSeries`.
    organisation: Organisation,
}

#[derive(Default)]
pub struct SetBaselineMutation;

#[Object]
impl SetBaselineMutation {
    /// Says with which months a metric of an organisation is compared, in the place of what
    /// was said before.
    #[graphql(directive = access::apply(Action::SetBaseline.into()))]
    async fn set_baseline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The months.")] input: SetBaselineInput,
    ) -> Result<Option<SetBaselinePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::SetBaseline)?;
        let key = input.idempotency_key.to_string();
        let command = settings::SetBaseline {
            metric: input.metric,
            organisation: input.organisation.read()?,
            first: input.first.0,
            last: input.last.0,
        };
        let done = match IdempotencyKey::new(&key, "setBaseline", &format!("{command:?}")) {
            Ok(key) => settings::set_baseline(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |organisation| {
            let organisation = parts::organisation(ctx, organisation, viewer.today())?;
            Some(BaselineSet { organisation }.into())
        })
    }
}
