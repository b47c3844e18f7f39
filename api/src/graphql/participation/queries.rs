//! The root fields about participation.

use async_graphql::{Context, Object};

use super::funnel::{AdoptionFunnel, AdoptionFunnelInput};
use crate::{
    auth::action::Action,
    domain::participation::funnel,
    graphql::{access::access, error::Result, organisations::seen::viewer},
};

#[derive(Default)]
pub struct ParticipationQueries;

#[Object]
impl ParticipationQueries {
    /// The adoption funnel of each organisation asked about, in their order.
    #[graphql(directive = access::apply(Action::ReadFigures.into()))]
    async fn adoption_funnel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and as at when.")] input: AdoptionFunnelInput,
    ) -> Result<Vec<AdoptionFunnel>> {
        let funnels = funnel::funnels(viewer(ctx), &input.read()?)?;
        Ok(funnels.into_iter().map(AdoptionFunnel).collect())
    }
}
