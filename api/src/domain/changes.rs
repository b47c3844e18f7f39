//! Reading the change feed: what became different about organisations.

use std::collections::HashMap;

use entity::change::{self, ChangeType, Tells};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Alias, Expr, Order, Query, WindowStatement},
};

use super::{
    error::Failure,
    page::{Page, Span, page_of},
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
    let mut bounds = Condition::all().add(visible(viewer));
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
    Ok(found.into_iter().map(|(id, rows)| (id, page_of(rows, span, |row| row.position))).collect())
}

/// The changes that the viewer may know of: those of the register are everybody's, those
/// of figures and returns theirs who may read the returns.
fn visible(viewer: &Viewer) -> Condition {
    let column = change::Column::OrganisationId;
    let within = |action| scope::within(viewer.reach(action), column, viewer.today());
    let of_register = change::Column::ChangeType.is_in(ChangeType::telling(Tells::Register));
    Condition::any()
        .add(within(Action::ReadReturns))
        .add(Condition::all().add(of_register).add(within(Action::ReadDirectory)))
}

/// How many changes an organisation's history holds.
pub async fn count(viewer: &Viewer, organisation: OrganisationId) -> Result<u64, Failure> {
    use sea_orm::PaginatorTrait;
    let visible = change::Entity::find()
        .filter(change::Column::OrganisationId.eq(organisation))
        .filter(visible(viewer));
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
