//! Providers: registering them, and finding them.

pub mod register_provider;

use async_graphql::{Context, Object};
use entity::organisation::Kind;

use crate::{
    auth::action::Action,
    domain::organisations,
    graphql::{
        access::access,
        error::Result,
        organisations::{
            by::ProviderBy,
            kinds::Provider,
            seen::{Seen, day, viewer},
        },
        scalars::Date,
    },
};

#[derive(Default)]
pub struct ProviderQueries;

#[Object]
impl ProviderQueries {
    /// The providers that there were on that day, by name.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Vec<Provider> {
        let day = day(ctx, as_at);
        let found = organisations::all(viewer(ctx), Kind::Provider, None, day);
        found.into_iter().map(|organisation| Provider(Seen { organisation, day })).collect()
    }

    /// One provider; null if there is none so named.
    #[graphql(directive = access::apply(Action::ReadDirectory.into()))]
    async fn provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] by: ProviderBy,
        #[graphql(desc = "The day to answer for; default: today in England.")] as_at: Option<Date>,
    ) -> Result<Option<Provider>> {
        let day = day(ctx, as_at);
        let found = organisations::find(viewer(ctx), &by.read()?, day);
        let provider = found.filter(|found| found.kind() == Kind::Provider);
        Ok(provider.map(|organisation| Provider(Seen { organisation, day })))
    }
}
