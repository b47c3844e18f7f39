//! Reading the change feed: what became different about organisations, one organisation's
//! history here and the whole of it in [`feed`].

pub mod feed;

use std::collections::HashMap;

use entity::change::{self, ChangeType, NodeType, Tells};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Alias, Expr, Order, Query, WindowStatement},
};

use super::{
    error::Failure,
    organisations::type_name,
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
/// of figures and returns theirs who may read the returns, and those of records theirs who
/// may read the records of that organisation.
fn visible(viewer: &Viewer) -> Condition {
    let column = change::Column::OrganisationId;
    let within = |action| scope::within(viewer.reach(action), column, viewer.today());
    let of = |types: Vec<ChangeType>, action| {
        Condition::all().add(change::Column::ChangeType.is_in(types)).add(within(action))
    };
    let telling = |of: &[Tells]| of.iter().flat_map(|of| ChangeType::telling(*of)).collect();
    let returns = [Tells::Register, Tells::Catalogue, Tells::Figures, Tells::Workflow];
    RECORDS
        .iter()
        .map(|(action, types)| of(types.to_vec(), *action))
        .chain([of(telling(&returns), Action::ReadReturns)])
        .fold(
            Condition::any().add(of(telling(&[Tells::Register]), Action::ReadDirectory)),
            Condition::add,
        )
}

/// Which right shows which changes of records.
const RECORDS: [(Action, &[ChangeType]); 4] = [
    (
        Action::ReadParticipation,
        &[ChangeType::StageRecorded, ChangeType::RoleModelChosen, ChangeType::StageChanged],
    ),
    (
        Action::ReadCohorts,
        &[ChangeType::CohortOpened, ChangeType::CohortChanged, ChangeType::PlacesTaken],
    ),
    (
        Action::ReadEnrolments,
        &[
            ChangeType::LearnerRegistered,
            ChangeType::LearnerChanged,
            ChangeType::LearnersMerged,
            ChangeType::EnrolmentApplied,
            ChangeType::EnrolmentAdvanced,
            ChangeType::EnrolmentTransferred,
            ChangeType::ExtensionRequested,
            ChangeType::ExtensionDecided,
            ChangeType::MentorAssigned,
            ChangeType::AssessmentsRecorded,
            ChangeType::EmploymentReported,
            ChangeType::AwardRecorded,
            ChangeType::RecordRemoved,
            ChangeType::ReachChanged,
            ChangeType::RecordTookEffect,
            ChangeType::LeftYourReach,
        ],
    ),
    (Action::ReadPosts, &[ChangeType::PostStarted, ChangeType::PostMoved, ChangeType::PostEnded]),
];

/// The type's name and the row of what a change made another: the record, or the
/// organisation where it is about none of its records. None of an organisation that the
/// viewer cannot see.
pub fn named(viewer: &Viewer, row: &change::Model) -> Option<(&'static str, i64)> {
    if let Some((kind, id)) = row.node_type.zip(row.node_id) {
        return Some((record_name(kind), id));
    }
    let id = row.organisation_id;
    let there = || viewer.organisation(id).map(|organisation| organisation.kind());
    Some((type_name(row.organisation_kind.or_else(there)?), id))
}

/// What the schema calls a kind of record.
fn record_name(kind: NodeType) -> &'static str {
    match kind {
        NodeType::Participation => "Participation",
        NodeType::Cohort => "Cohort",
        NodeType::Learner => "Learner",
        NodeType::Enrolment => "Enrolment",
        NodeType::Post => "Post",
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_record_has_the_right_that_shows_it() {
        let shown = RECORDS.iter().flat_map(|(_, types)| types.iter().copied());
        let mut shown: Vec<_> = shown.collect();
        shown.sort();
        let mut told: Vec<_> = ChangeType::telling(Tells::Records).collect();
        told.sort();
        assert_eq!(shown, told);
    }
}
