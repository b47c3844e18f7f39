//! Reading who did what. Only those whose reach holds the organisation see it.

use chrono::{DateTime, Utc};
use entity::audit;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    error::Failure,
    page::{Page, PageRequest, page_of},
    scope,
    viewer::Viewer,
};
use crate::{
    auth::{action::Action, actor::Actor, policy::Reach},
    ids::OrganisationId,
};

/// Which audit rows a list shows.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub organisation: Option<OrganisationId>,
    pub action: Option<String>,
    pub subject: Option<String>,
    /// At this moment or later.
    pub since: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

/// One page of audit rows within the viewer's reach, the newest first.
pub async fn list(
    viewer: &Viewer,
    filter: &AuditFilter,
    request: &PageRequest,
) -> Result<Page<audit::Model>, Failure> {
    signed_in(viewer)?;
    let span = request.window()?.span();
    let mut query = visible(viewer, filter);
    if let Some(id) = span.after {
        query = query.filter(audit::Column::Id.lt(id));
    }
    if let Some(id) = span.before {
        query = query.filter(audit::Column::Id.gt(id));
    }
    query = if span.backward {
        query.order_by_asc(audit::Column::Id)
    } else {
        query.order_by_desc(audit::Column::Id)
    };
    let limit = span.size as u64 + 1;
    let rows = query.limit(limit).all(&viewer.store().reader).await?;
    Ok(page_of(rows, &span, |row| row.id))
}

/// How many audit rows a filter lets through.
pub async fn count(viewer: &Viewer, filter: &AuditFilter) -> Result<u64, Failure> {
    signed_in(viewer)?;
    Ok(visible(viewer, filter).count(&viewer.store().reader).await?)
}

/// The audit rows of those ids that the viewer may see.
pub async fn find(viewer: &Viewer, ids: &[i64]) -> Result<Vec<audit::Model>, Failure> {
    if viewer.reach(Action::ReadAudit) == Reach::Nowhere {
        return Ok(Vec::new());
    }
    let rows = visible(viewer, &AuditFilter::default())
        .filter(audit::Column::Id.is_in(ids.iter().copied()));
    Ok(rows.all(&viewer.store().reader).await?)
}

/// The public reads nothing of it, and is told that signing in may help.
fn signed_in(viewer: &Viewer) -> Result<(), Failure> {
    match viewer.actor() {
        Actor::Public => Err(Failure::Unauthenticated),
        Actor::Holder(_) => Ok(()),
    }
}

fn visible(viewer: &Viewer, filter: &AuditFilter) -> sea_orm::Select<audit::Entity> {
    let reach = viewer.reach(Action::ReadAudit);
    let mut query = audit::Entity::find().filter(scope::within(
        reach,
        audit::Column::OrganisationId,
        viewer.today(),
    ));
    if let Some(organisation) = filter.organisation {
        query = query.filter(audit::Column::OrganisationId.eq(organisation));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit::Column::Action.eq(action));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(audit::Column::Subject.eq(subject));
    }
    if let Some(since) = filter.since {
        query = query.filter(audit::Column::At.gte(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit::Column::At.lt(until));
    }
    query
}
