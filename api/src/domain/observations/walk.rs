//! Every observation of a filter, page by page: no more is held than one page, and no
//! connection between two of them.

use entity::observation::{self, Column};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};

use super::list::{ObservationFilter, Visible, visible};
use crate::domain::{error::Failure, viewer::Viewer};

/// As many observations as are read together.
const AT_ONCE: u64 = 2_000;

/// A filter on the way through its observations, in the order in which they were
/// recorded. What is recorded after the beginning is not among them, and takes nothing
/// away from them.
pub struct Walk {
    viewer: Viewer,
    filter: ObservationFilter,
    /// The last observation that was there at the beginning.
    last: i64,
    /// The last that was read.
    read: i64,
}

impl Walk {
    /// # Errors
    ///
    /// A metric that is not there is the caller's mistake.
    pub async fn begin(viewer: &Viewer, filter: ObservationFilter) -> Result<Self, Failure> {
        visible(viewer, &filter)?;
        let last: Option<Option<i64>> = observation::Entity::find()
            .select_only()
            .column_as(Column::Id.max(), "last")
            .into_tuple()
            .one(&viewer.store().reader)
            .await?;
        let (viewer, last) = (viewer.clone(), last.flatten().unwrap_or(0));
        Ok(Self { viewer, filter, last, read: 0 })
    }

    /// The next observations, with every rule of [`super::list::list`]; none at the end.
    pub async fn next(&mut self) -> Result<Vec<observation::Model>, Failure> {
        if self.read >= self.last {
            return Ok(Vec::new());
        }
        let every = ObservationFilter { revisions: true, ..self.filter.clone() };
        let Some(Visible { query, series }) = visible(&self.viewer, &every)? else {
            return Ok(Vec::new());
        };
        let mut query =
            query.apply_if(series, |query, series| query.filter(Column::SeriesId.is_in(series)));
        query = query.filter(Column::Id.gt(self.read)).filter(Column::Id.lte(self.last));
        if !self.filter.revisions {
            query = query.filter(Expr::exists(newer(self.last)).not());
        }
        let page = query.order_by_asc(Column::Id).limit(AT_ONCE);
        let rows = page.all(&self.viewer.store().reader).await?;
        let is_last = (rows.len() as u64) < AT_ONCE;
        self.read = rows.last().filter(|_| !is_last).map_or(self.last, |row| row.id);
        Ok(rows)
    }
}

/// A later revision of the same figure, of those that were there.
fn newer(last: i64) -> SelectStatement {
    let later = Alias::new("later");
    let column = |column: Column| Expr::col((later.clone(), column));
    let same = |each: Column| column(each).eq(Expr::col((observation::Entity, each)));
    Query::select()
        .expr(Expr::val(1))
        .from_as(observation::Entity, later.clone())
        .and_where(same(Column::OrganisationId))
        .and_where(same(Column::SeriesId))
        .and_where(same(Column::Month))
        .and_where(column(Column::Revision).gt(Expr::col((observation::Entity, Column::Revision))))
        .and_where(column(Column::Id).lte(last))
        .to_owned()
}
