//! The root fields that find webhooks.

use async_graphql::{Context, ID, Object};

use super::object::Webhook;
use crate::{
    auth::action::Action,
    domain::{page::PageRequest, webhooks::list},
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
        scalars::whole,
    },
};

#[derive(Default)]
pub struct WebhookQueries;

#[Object]
impl WebhookQueries {
    /// The webhooks, the newest first: all for the programme team; those of your training
    /// hub, or of your machine client, for you.
    #[graphql(directive = access::apply(Action::ReadWebhooks.into()))]
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Webhook>> {
        let viewer = viewer(ctx).clone();
        let request = PageRequest { first, after, last, before };
        let page = list::list(&viewer, &request).await?;
        let total = Total::new(move || {
            let viewer = viewer.clone();
            async move { Ok(whole(list::count(&viewer).await?)) }
        });
        Ok(connected(page, total, Webhook::from))
    }

    /// One webhook; null if there is none of that id for you.
    #[graphql(directive = access::apply(Action::ReadWebhooks.into()))]
    async fn webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Webhook>> {
        let id = ids::read_as(&id, "Webhook")?;
        Ok(list::find(viewer(ctx), id).await?.map(Webhook::from))
    }
}
