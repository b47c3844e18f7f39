//! Reading the change feed: what became different about organisations.

use std::collections::HashMap;

use entity::change;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Alias, Expr, Order, Query, WindowStatement},
};

use super::{
    error::Failure,
    page::{Page, Span, newest_first},
    scope,
    viewer::Viewer,
};
use crate::{auth::action::Action, ids::OrganisationId};

/// One page of the history of each organisation named, the newest first: one query
/// for all of them.
pub async fn histories(
    viewer: &Viewer,
    organisations: &[OrganisationId],
    span: &Span,
) -> Result<HashMap<OrganisationId, Page<change::Model>>, Failure> {
    let order = if span.backward { Order::Asc } else { Order::Desc };
    let rank = WindowStatement::partition_by(change::Column::OrganisationId)
        .order_by(change::Column::Position, order.clone())
        .to_owned();
    let mut bounds = Condition::all().add(scope::within(
        viewer.reach(Action::ReadDirectory),
        change::Column::OrganisationId,
        viewer.today(),
    ));
    bounds = bounds
        .add_option(span.after.map(|position| change::Column::Position.lt(position)))
        .add_option(span.before.map(|position| change::Column::Position.gt(position)));
    let ranked = change::Entity::find()
        .filter(change::Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(bounds)
        .into_query()
        .expr_window_as(Expr::cust("ROW_NUMBER()"), rank, Alias::new("rank"))
        .to_owned();
    let cut = Query::select()
        .column(sea_orm::sea_query::Asterisk)
        .from_subquery(ranked, Alias::new("ranked"))
        .and_where(sea_orm::sea_query::ExprTrait::lte(
            Expr::col(Alias::new("rank")),
            span.size as u64 + 1,
        ))
        .order_by(Alias::new("position"), order)
        .to_owned();
    let connection = &viewer.store().reader;
    let statement = sea_orm::ConnectionTrait::get_database_backend(connection).build(&cut);
    let rows = change::Model::find_by_statement(statement).all(connection).await?;
    let mut found: HashMap<OrganisationId, Vec<change::Model>> = HashMap::new();
    for row in rows {
        found.entry(row.organisation_id).or_default().push(row);
    }
    Ok(found
        .into_iter()
        .map(|(id, rows)| (id, newest_first(rows, span, |row| row.position)))
        .collect())
}

/// How many changes an organisation's history holds.
pub async fn count(viewer: &Viewer, organisation: OrganisationId) -> Result<u64, Failure> {
    use sea_orm::PaginatorTrait;
    let reach = viewer.reach(Action::ReadDirectory);
    let visible = change::Entity::find()
        .filter(change::Column::OrganisationId.eq(organisation))
        .filter(scope::within(reach, change::Column::OrganisationId, viewer.today()));
    Ok(visible.count(&viewer.store().reader).await?)
}

/// The last change that this instance's directory contains, and when it was made.
pub async fn latest(viewer: &Viewer) -> Result<Option<change::Model>, Failure> {
    let position = viewer.directory().position();
    let last = change::Entity::find()
        .filter(change::Column::Position.lte(position))
        .order_by_desc(change::Column::Position)
        .limit(1);
    Ok(last.one(&viewer.store().reader).await?)
}
