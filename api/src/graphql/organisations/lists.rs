//! Lists of organisations, as connections.

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::{Context, OutputType};
use chrono::NaiveDate;
use entity::organisation::Kind;

use super::{
    by::OrganisationOrder,
    kinds::{Icb, Site},
    parts::SiteCounts,
    seen::{Seen, viewer},
};
use crate::{
    domain::{
        organisations::{self, OrganisationBy, OrganisationFilter},
        page::{Direction, PageRequest},
        sites,
    },
    graphql::{
        error::Result,
        page::{Connected, Total, connected},
    },
    ids::OrganisationId,
};

/// A page of the organisations that pass a filter.
pub fn list<Node: OutputType>(
    ctx: &Context<'_>,
    filter: OrganisationFilter,
    order: (organisations::OrganisationOrder, Direction),
    day: NaiveDate,
    request: &PageRequest,
    node: impl Fn(Seen) -> Node,
) -> Result<Connected<Node>> {
    let page = organisations::list(viewer(ctx), &filter, order, day, request)?;
    let viewer = viewer(ctx).clone();
    let filter = Arc::new(filter);
    let total = Total::new(move || {
        let count = organisations::count(&viewer, &filter, day);
        async move { Ok(i32::try_from(count).unwrap_or(i32::MAX)) }
    });
    Ok(connected(page, total, |organisation| node(Seen { organisation, day })))
}

pub fn sites(
    ctx: &Context<'_>,
    filter: OrganisationFilter,
    order: Option<OrganisationOrder>,
    day: NaiveDate,
    request: &PageRequest,
) -> Result<Connected<Site>> {
    list(ctx, filter, OrganisationOrder::read(order), day, request, Site)
}

/// Those of one kind within an organisation, by name.
pub fn within<Node: OutputType>(
    ctx: &Context<'_>,
    seen: &Seen,
    kind: Kind,
    request: &PageRequest,
    node: impl Fn(Seen) -> Node,
) -> Result<Connected<Node>> {
    let filter = OrganisationFilter {
        kinds: Some(BTreeSet::from([kind])),
        within: vec![OrganisationBy::Id(seen.organisation.id())],
        ..Default::default()
    };
    list(ctx, filter, OrganisationOrder::read(None), seen.day, request, node)
}

/// The ICBs that a training hub covers: no more than there are, so no pages.
pub fn coverage(ctx: &Context<'_>, seen: &Seen, day: NaiveDate) -> Result<Vec<Icb>> {
    let hub = OrganisationBy::Id(seen.organisation.id());
    let found = organisations::all(viewer(ctx), Kind::Icb, Some(hub), day);
    Ok(found.into_iter().map(|organisation| Icb(Seen { organisation, day: seen.day })).collect())
}

pub fn site_counts(ctx: &Context<'_>, area: OrganisationId, day: NaiveDate) -> SiteCounts {
    let counts = sites::counts(viewer(ctx), Some(area), day);
    let int = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    SiteCounts {
        total: int(counts.total),
        active: int(counts.active),
        eligible: int(counts.eligible),
        dormant: int(counts.dormant),
        proposed: int(counts.proposed),
        eligible_patients: counts.eligible_patients,
    }
}
