//! Reading observations row by row, for integrators who keep a copy.

use chrono::{DateTime, Utc};
use entity::observation::{self, Column};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{
    latest::{Latest, latest_of},
    rows::ObservationRow,
    since,
};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        organisations::{OrganisationBy, resolve},
        page::{Page, PageRequest, page_of},
        scope,
        viewer::Viewer,
    },
    ids::Month,
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
    let Some(Visible { mut query, series }) = visible(viewer, filter)? else {
        return Ok(Page::empty());
    };
    let connection = &viewer.store().reader;
    let mut after = span.after;
    if let Some(since) = filter.recorded_since {
        after = Ord::max(after, Some(since::before(connection, since).await?));
    }
    query = match series.as_deref() {
        // One series in the order of its ids: said so that no database reads the rows of
        // all series in their order, and throws most of them away.
        Some([series]) if !span.backward => {
            let place = [Column::SeriesId, Column::Id].map(|each| each.into_expr());
            let begins = [*series, after.unwrap_or(i64::MIN)].map(Expr::val);
            let query = query
                .filter(Expr::tuple(place).gt(Expr::tuple(begins)))
                .filter(Column::SeriesId.lte(*series));
            query.order_by_asc(Column::SeriesId).order_by_asc(Column::Id)
        }
        some => {
            if let Some(series) = some {
                query = query.filter(Column::SeriesId.is_in(series.iter().copied()));
            }
            if let Some(id) = after {
                query = query.filter(Column::Id.gt(id));
            }
            let order = if span.backward { Order::Desc } else { Order::Asc };
            query.order_by(Column::Id, order)
        }
    };
    if let Some(id) = span.before {
        query = query.filter(Column::Id.lt(id));
    }
    let query = query.limit(span.size as u64 + 1).into_model::<ObservationRow>();
    let rows = query.all(connection).await?.into_iter().map(|row| row.0).collect();
    Ok(page_of(rows, &span, |row| row.id))
}

/// How many observations a filter lets through.
pub async fn count(viewer: &Viewer, filter: &ObservationFilter) -> Result<u64, Failure> {
    let Some(Visible { query, series }) = visible(viewer, filter)? else { return Ok(0) };
    let query =
        query.apply_if(series, |query, series| query.filter(Column::SeriesId.is_in(series)));
    Ok(query.count(&viewer.store().reader).await?)
}

/// The observations of those ids that the viewer may see.
pub async fn find(viewer: &Viewer, ids: &[i64]) -> Result<Vec<observation::Model>, Failure> {
    let every = ObservationFilter { revisions: true, ..ObservationFilter::default() };
    let Some(Visible { query, .. }) = visible(viewer, &every)? else { return Ok(Vec::new()) };
    Ok(query.filter(Column::Id.is_in(ids.iter().copied())).all(&viewer.store().reader).await?)
}

/// What a filter lets through, but for the series that it names.
pub(super) struct Visible {
    pub query: Select<observation::Entity>,
    pub series: Option<Vec<i64>>,
}

/// Figures that are hidden from the viewer are not among them; none where the filter
/// names what is not there.
pub(super) fn visible(
    viewer: &Viewer,
    filter: &ObservationFilter,
) -> Result<Option<Visible>, Failure> {
    let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
    let wanted = Latest::default();
    let mut query = if filter.revisions { observation::Entity::find() } else { latest_of(&wanted) };
    let mut named = None;
    if let Some(names) = &filter.metrics {
        let series = named.insert(Vec::new());
        for name in names {
            let lines = catalogue.lines(name).ok_or_else(|| {
                Failure::BadRequest(format!("there is no metric {name:?}: see metrics"))
            })?;
            series.extend(lines.series.iter().map(|(_, series)| *series));
        }
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
    if let Some(readable) = readable(viewer, named.as_deref()) {
        query = query.filter(readable);
    }
    Ok(Some(Visible { query, series: named }))
}

/// What is about people is read row by row within one's reach alone; no condition where
/// all of the series named are open to everybody.
fn readable(viewer: &Viewer, named: Option<&[i64]>) -> Option<sea_orm::Condition> {
    use entity::metric_version::Disclosure;
    let open: Vec<i64> = viewer
        .catalogue()
        .all()
        .filter(|definition| definition.row.disclosure <= Disclosure::D1)
        .map(|definition| definition.row.series_id)
        .collect();
    if named.is_some_and(|named| named.iter().all(|series| open.contains(series))) {
        return None;
    }
    let reach = viewer.reach(Action::ReadExactFigures);
    let within = scope::within(reach, Column::OrganisationId, viewer.today());
    Some(sea_orm::Condition::any().add(Column::SeriesId.is_in(open)).add(within))
}
