//! `renameSite`: another name from a day on.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::sites::rename,
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{
            kinds::Site,
            seen::{Seen, viewer},
        },
        outcomes::{InvalidInput, VersionConflict, changing},
        scalars::Date,
    },
};

/// The name that a site bears from a day on.
#[derive(InputObject)]
pub struct RenameSiteInput {
    /// The site.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The name.
    name: String,
    /// The first day of it; default: today in England.
    from: Option<Date>,
}

/// What became of `renameSite`.
#[derive(Union)]
pub enum RenameSitePayload {
    SiteRenamed(SiteRenamed),
    InvalidInput(InvalidInput),
    VersionConflict(VersionConflict),
}

/// The site bears the name; its earlier ones stay known.
#[derive(SimpleObject)]
pub struct SiteRenamed {
    /// The site, as it is today.
    site: Site,
}

#[derive(Default)]
pub struct RenameSiteMutation;

#[Object]
impl RenameSiteMutation {
    /// Renames a site from a day on. A closed site keeps its name.
    #[graphql(directive = access::apply(Action::RenameSite.into()))]
    async fn rename_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which site, and its name.")] input: RenameSiteInput,
    ) -> Result<Option<RenameSitePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RenameSite)?;
        let command = rename::RenameSite {
            site: ids::read_as(&input.id, "Site")?,
            expected_version: input.expected_version,
            name: input.name,
            from: input.from.map(|date| date.0),
        };
        changing(ctx, rename::rename(viewer, permit, command).await, |id| {
            let site = Site(Seen::today(viewer, id)?);
            Some(SiteRenamed { site }.into())
        })
    }
}
