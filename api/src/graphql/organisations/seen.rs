//! An organisation, as somebody sees it on a day.

use std::sync::Arc;

use async_graphql::Context;
use chrono::NaiveDate;

use crate::{
    domain::{directory::organisation::Organisation, viewer::Viewer},
    graphql::scalars::Date,
    ids::OrganisationId,
};

/// What stands behind every organisation type: the organisation, and the day as at
/// which its fields answer unless they are asked for another.
#[derive(Clone)]
pub struct Seen {
    pub organisation: Arc<Organisation>,
    pub day: NaiveDate,
}

impl Seen {
    /// An organisation as it is today, after whatever the request has done.
    pub fn today(viewer: &Viewer, id: OrganisationId) -> Option<Self> {
        Some(Self { organisation: viewer.organisation(id)?, day: viewer.today() })
    }

    /// The day that a field answers for.
    pub fn on(&self, as_at: Option<Date>) -> NaiveDate {
        as_at.map_or(self.day, |date| date.0)
    }

    /// Another organisation, seen on the same day.
    pub fn related(&self, ctx: &Context<'_>, id: Option<OrganisationId>) -> Option<Self> {
        let organisation = viewer(ctx).organisation(id?)?;
        Some(Self { organisation, day: self.day })
    }
}

/// Whose request this is; the front door puts a viewer into every one.
pub fn viewer<'a>(ctx: &Context<'a>) -> &'a Viewer {
    ctx.data_unchecked::<Viewer>()
}

/// The day that a root field answers for: today in England, unless it says otherwise.
pub fn day(ctx: &Context<'_>, as_at: Option<Date>) -> NaiveDate {
    as_at.map_or_else(|| viewer(ctx).today(), |date| date.0)
}
