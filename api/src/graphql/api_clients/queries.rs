//! The root fields that find machine clients.

use async_graphql::{Context, Object};

use super::object::ApiClient;
use crate::{
    auth::action::Action,
    domain::{
        api_clients::list,
        page::{Page, PageRequest},
    },
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
        scalars::Slug,
    },
};

#[derive(Default)]
pub struct ApiClientQueries;

#[Object]
impl ApiClientQueries {
    /// The machine clients, by their ids at the token endpoint: all for the programme team;
    /// for a training hub's team those that are granted that hub and nothing else; a client
    /// sees itself.
    #[graphql(directive = access::apply(Action::ReadApiClients.into()))]
    async fn api_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ApiClient>> {
        let viewer = viewer(ctx);
        let page = list::list(viewer, &PageRequest { first, after, last, before })?;
        let Page { items, has_previous, has_next } = page;
        let (keys, clients): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        let clients = ApiClient::of(viewer, clients).await?;
        let items = keys.into_iter().zip(clients).collect();
        let counting = viewer.clone();
        let total = Total::new(move || {
            let count = list::count(&counting);
            async move { Ok(i32::try_from(count).unwrap_or(i32::MAX)) }
        });
        Ok(connected(Page { items, has_previous, has_next }, total, |client| client))
    }

    /// One machine client; null if there is none of that id for you.
    #[graphql(directive = access::apply(Action::ReadApiClients.into()))]
    async fn api_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id at the token endpoint.")] client_id: Slug,
    ) -> Result<Option<ApiClient>> {
        let viewer = viewer(ctx);
        let found = list::find_code(viewer, client_id.0.as_str())?;
        Ok(ApiClient::of(viewer, found.into_iter().collect()).await?.pop())
    }
}
