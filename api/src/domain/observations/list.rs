//! Reading observations row by row, for integrators who keep a copy, and the latest
//! figures of many organisations at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::observation::{self, Column};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::latest::{Latest, latest_of};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        organisations::{OrganisationBy, resolve},
        page::{Page, PageRequest, page_of},
        scope,
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// The largest page: rows are small, and whoever keeps a copy reads many.
const LARGEST: usize = 500;

/// Which observations a list shows; what is None does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct ObservationFilter {
    /// Codes of metrics, or `code@version`.
    pub metrics: Option<Vec<String>>,
    /// Of this organisation.
    pub organisation: Option<OrganisationBy>,
    /// Of organisations that sit within this one today.
    pub within: Option<OrganisationBy>,
    pub first_month: Option<Month>,
    pub last_month: Option<Month>,
    pub recorded_since: Option<DateTime<Utc>>,
    /// Every revision, not only what holds.
    pub revisions: bool,
}

/// One page of observations, in the order in which they were recorded.
pub async fn list(
    viewer: &Viewer,
    filter: &ObservationFilter,
    request: &PageRequest,
) -> Result<Page<observation::Model>, Failure> {
    let span = request.window_of(LARGEST)?.span();
    let Some(query) = visible(viewer, filter)? else { return Ok(Page::empty()) };
    let mut query = query;
    if let Some(id) = span.after {
        query = query.filter(Column::Id.gt(id));
    }
    if let Some(id) = span.before {
        query = query.filter(Column::Id.lt(id));
    }
    query = if span.backward {
        query.order_by_desc(Column::Id)
    } else {
        query.order_by_asc(Column::Id)
    };
    let rows = query.limit(span.size as u64 + 1).all(&viewer.store().reader).await?;
    Ok(page_of(rows, &span, |row| row.id))
}

/// How many observations a filter lets through.
pub async fn count(viewer: &Viewer, filter: &ObservationFilter) -> Result<u64, Failure> {
    let Some(query) = visible(viewer, filter)? else { return Ok(0) };
    Ok(query.count(&viewer.store().reader).await?)
}

/// The observations of those ids that the viewer may see.
pub async fn find(viewer: &Viewer, ids: &[i64]) -> Result<Vec<observation::Model>, Failure> {
    let every = ObservationFilter { revisions: true, ..ObservationFilter::default() };
    let Some(query) = visible(viewer, &every)? else { return Ok(Vec::new()) };
    Ok(query.filter(Column::Id.is_in(ids.iter().copied())).all(&viewer.store().reader).await?)
}

/// Figures that are hidden from the viewer are not among them; none where the filter
/// names what is not there.
pub(super) fn visible(
    viewer: &Viewer,
    filter: &ObservationFilter,
) -> Result<Option<Select<observation::Entity>>, Failure> {
    let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
    let wanted = Latest::default();
    let mut query = if filter.revisions { observation::Entity::find() } else { latest_of(&wanted) };
    if let Some(names) = &filter.metrics {
        let mut series = Vec::new();
        for name in names {
            let lines = catalogue.lines(name).ok_or_else(|| {
                Failure::BadRequest(format!("there is no metric {name:?}: see metrics"))
            })?;
            series.extend(lines.series.iter().map(|(_, series)| *series));
        }
        query = query.filter(Column::SeriesId.is_in(series));
    }
    let day = viewer.today();
    if let Some(by) = &filter.organisation {
        let Some(found) = resolve(&directory, by, day) else { return Ok(None) };
        query = query.filter(Column::OrganisationId.eq(found.id()));
    }
    if let Some(by) = &filter.within {
        let Some(found) = resolve(&directory, by, day) else { return Ok(None) };
        query = query.filter(scope::placed_within(found.id(), found.kind(), day));
    }
    if let Some(month) = filter.first_month {
        query = query.filter(Column::Month.gte(month.stored()));
    }
    if let Some(month) = filter.last_month {
        query = query.filter(Column::Month.lte(month.stored()));
    }
    if let Some(since) = filter.recorded_since {
        query = query.filter(Column::RecordedAt.gte(since));
    }
    Ok(Some(query.filter(readable(viewer))))
}

/// What is about people is read row by row within one's reach alone.
fn readable(viewer: &Viewer) -> sea_orm::Condition {
    use entity::metric_version::Disclosure;
    let open: Vec<i64> = viewer
        .catalogue()
        .all()
        .filter(|definition| definition.row.disclosure <= Disclosure::D1)
        .map(|definition| definition.row.series_id)
        .collect();
    let reach = viewer.reach(Action::ReadExactFigures);
    sea_orm::Condition::any().add(Column::SeriesId.is_in(open)).add(scope::within(
        reach,
        Column::OrganisationId,
        viewer.today(),
    ))
}

/// The newest month that each organisation has said something of each series, by
/// organisation and series: one query for all of them.
pub(in crate::domain) async fn newest(
    viewer: &Viewer,
    organisations: &[OrganisationId],
    series: &[i64],
) -> Result<HashMap<(OrganisationId, i64), observation::Model>, DbErr> {
    use sea_orm::{
        QueryTrait,
        sea_query::{Alias, Expr, ExprTrait, Order, OverStatement, Query, WindowStatement},
    };
    let wanted =
        Latest { series: Some(series), organisations: Some(organisations), ..Latest::default() };
    let rank = WindowStatement::new()
        .partition_by_columns([Column::OrganisationId, Column::SeriesId])
        .order_by(Column::Month, Order::Desc)
        .to_owned();
    let said = latest_of(&wanted).filter(Column::State.ne(observation::State::Withdrawn));
    let ranked = said
        .into_query()
        .expr_window_as(Expr::cust("ROW_NUMBER()"), rank, Alias::new("rank"))
        .to_owned();
    let first = Query::select()
        .column(sea_orm::sea_query::Asterisk)
        .from_subquery(ranked, Alias::new("ranked"))
        .and_where(Expr::col(Alias::new("rank")).eq(1))
        .to_owned();
    let connection = &viewer.store().reader;
    let backend = sea_orm::ConnectionTrait::get_database_backend(connection);
    let rows =
        <observation::Model as sea_orm::FromQueryResult>::find_by_statement(backend.build(&first));
    let rows = rows.all(connection).await?;
    Ok(rows.into_iter().map(|row| ((row.organisation_id, row.series_id), row)).collect())
}
