//! Reading imports.

use async_graphql::{Context, ID, Object};

use super::object::Import;
use crate::{
    auth::action::Action,
    domain::{imports::read, page::PageRequest},
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        page::{Connected, Total, connected},
    },
};

#[derive(Default)]
pub struct ImportQueries;

#[Object]
impl ImportQueries {
    /// One import within your reach; null if there is none of that id.
    #[graphql(directive = access::apply(Action::ReadImports.into()))]
    async fn import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
    ) -> Result<Option<Import>> {
        let viewer = viewer(ctx);
        viewer.permit(Action::ReadImports)?;
        let found = read::find(viewer, ids::read_as(&id, "Import")?).await?;
        Ok(found.map(Import::from))
    }

    /// Imports within your reach, the newest first.
    #[graphql(directive = access::apply(Action::ReadImports.into()))]
    async fn imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Import>> {
        let viewer = viewer(ctx).clone();
        let request = PageRequest { first, after, last, before };
        let page = read::list(&viewer, &request).await?;
        let total = Total::new(move || {
            let viewer = viewer.clone();
            async move {
                let count = read::count(&viewer).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        });
        Ok(connected(page, total, Import::from))
    }
}
