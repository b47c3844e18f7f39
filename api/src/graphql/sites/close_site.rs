//! `closeSite`: closed from a day on, and still known.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::sites::close,
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

/// The day from which a site is closed.
#[derive(InputObject)]
pub struct CloseSiteInput {
    /// The site.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The first day on which it is no longer open; at most 12 months ahead.
    closed_on: Date,
}

/// What became of `closeSite`.
#[derive(Union)]
pub enum CloseSitePayload {
    SiteClosed(SiteClosed),
    InvalidInput(InvalidInput),
    VersionConflict(VersionConflict),
}

/// The site is closed: its memberships end that day, and its code is free from then on.
#[derive(SimpleObject)]
pub struct SiteClosed {
    /// The site, as it is today.
    site: Site,
}

#[derive(Default)]
pub struct CloseSiteMutation;

#[Object]
impl CloseSiteMutation {
    /// Closes a site on a day. Nothing of it is deleted.
    #[graphql(directive = access::apply(Action::CloseSite.into()))]
    async fn close_site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which site, and when.")] input: CloseSiteInput,
    ) -> Result<Option<CloseSitePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::CloseSite)?;
        let command = close::CloseSite {
            site: ids::read_as(&input.id, "Site")?,
            expected_version: input.expected_version,
            closed_on: input.closed_on.0,
        };
        changing(ctx, close::close(viewer, permit, command).await, |id| {
            let site = Site(Seen::today(viewer, id)?);
            Some(SiteClosed { site }.into())
        })
    }
}
