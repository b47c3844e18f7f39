//! `setTargets`: what a metric should reach.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{
        amount::{Amount, NoAmount},
        error::{ProblemCode, invalid},
        idempotency::IdempotencyKey,
        metrics::settings,
    },
    graphql::{
        access::access,
        error::Result,
        organisations::{by::OrganisationBy, interfaces::Organisation, parts, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Month,
    },
};

/// The value that a metric should reach by the end of a month.
#[derive(InputObject)]
pub struct TargetInput {
    /// The month.
    month: Month,
    /// The value; null takes the month's target away.
    value: Option<f64>,
}

/// Targets of a metric for an organisation.
#[derive(InputObject)]
pub struct SetTargetsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and sets nothing twice.
    idempotency_key: ID,
    /// The metric's code.
    metric: String,
    /// Whose series it is.
    organisation: OrganisationBy,
    /// 1 to 240 of them; targets of other months stay.
    targets: Vec<TargetInput>,
}

/// What became of `setTargets`.
#[derive(Union)]
pub enum SetTargetsPayload {
    TargetsSet(TargetsSet),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The targets are set.
#[derive(SimpleObject)]
pub struct TargetsSet {
    /// Whose series it is; read it with `metricSeries`.
    organisation: Organisation,
}

#[derive(Default)]
pub struct SetTargetsMutation;

#[Object]
impl SetTargetsMutation {
    /// Sets the values that a metric of an organisation should reach.
    #[graphql(directive = access::apply(Action::SetTargets.into()))]
    async fn set_targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The targets.")] input: SetTargetsInput,
    ) -> Result<Option<SetTargetsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::SetTargets)?;
        let key = input.idempotency_key.to_string();
        let targets = input.targets.iter().map(|target| {
            let value = target.value.map(Amount::of).transpose();
            value.map(|value| (target.month.0, value))
        });
        let done = match targets.collect::<Result<Vec<_>, NoAmount>>() {
            Err(no) => {
                let sentence = format!("a target {}", no.sentence());
                invalid("input.targets", ProblemCode::OutOfRange, sentence)
            }
            Ok(targets) => {
                let organisation = input.organisation.read()?;
                let command = settings::SetTargets { metric: input.metric, organisation, targets };
                match IdempotencyKey::new(&key, "setTargets", &format!("{command:?}")) {
                    Ok(key) => settings::set_targets(viewer, permit, key, command).await,
                    Err(declined) => Err(declined),
                }
            }
        };
        creating(done, |organisation| {
            let organisation = parts::organisation(ctx, organisation, viewer.today())?;
            Some(TargetsSet { organisation }.into())
        })
    }
}
