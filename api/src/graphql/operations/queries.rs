//! The root field that finds registered operations.

use async_graphql::{Context, Object};

use super::object::RegisteredOperation;
use crate::{
    domain::{
        api_clients,
        operations::list::{self, Whose},
        page::{Page, PageRequest},
    },
    graphql::{
        access::{Action, access},
        error::Result,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
        scalars::Slug,
    },
};

#[derive(Default)]
pub struct OperationQueries;

#[Object]
impl OperationQueries {
    /// The operations that you may ask for, by their names: everybody's, and a client's own;
    /// or those of one client, for whoever may read about it.
    #[graphql(directive = access::apply(Action::ReadService))]
    async fn operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone, as it calls itself at the token endpoint.")]
        client_id: Option<Slug>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<RegisteredOperation>> {
        let viewer = viewer(ctx);
        let whose = match client_id {
            None => Whose::Mine,
            Some(code) => {
                let found = api_clients::list::find_code(viewer, code.0.as_str())?;
                // There is no client 0, so whom nobody may see has nothing.
                Whose::Client(found.map_or(0, |client| client.row.id))
            }
        };
        let page = list::list(viewer, whose, &PageRequest { first, after, last, before })?;
        let Page { items, has_previous, has_next } = page;
        let counting = viewer.clone();
        let total = Total::new(move || {
            let count = list::count(&counting, whose);
            async move { Ok(i32::try_from(count).unwrap_or(i32::MAX)) }
        });
        let page = Page { items, has_previous, has_next };
        Ok(connected(page, total, RegisteredOperation))
    }
}
