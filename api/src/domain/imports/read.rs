//! Reading imports and their rows: for those who have within reach whose import it is.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::{
    import_row::{self, Column as Field, Outcome},
    import_run::{self, Column, State},
    observation,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait},
};

use super::{expiry, rows::AT_ONCE};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        page::{Page, PageRequest, page_of},
        scope,
        viewer::Viewer,
    },
};

/// A reader that has not come forward for so long is gone.
const GONE: TimeDelta = TimeDelta::minutes(2);

/// One row of a preview, with what held before.
#[derive(Debug, Clone)]
pub struct Shown {
    pub row: import_row::Model,
    pub before: Option<observation::Model>,
}

/// The import of that id, if the viewer may see it.
pub async fn find(viewer: &Viewer, id: i64) -> Result<Option<import_run::Model>, Failure> {
    Ok(find_all(viewer, &[id]).await?.pop())
}

/// The imports of those ids that the viewer may see.
pub async fn find_all(viewer: &Viewer, ids: &[i64]) -> Result<Vec<import_run::Model>, Failure> {
    viewer.permit(Action::ReadImports)?;
    let found = visible(viewer).filter(Column::Id.is_in(ids.iter().copied()));
    let found = found.all(&viewer.store().reader).await?;
    Ok(found.into_iter().map(|run| as_it_stands(viewer, run)).collect())
}

/// One page of imports, the newest first.
pub async fn list(
    viewer: &Viewer,
    request: &PageRequest,
) -> Result<Page<import_run::Model>, Failure> {
    viewer.permit(Action::ReadImports)?;
    let span = request.window()?.span();
    let mut query = visible(viewer);
    if let Some(id) = span.after {
        query = query.filter(Column::Id.lt(id));
    }
    if let Some(id) = span.before {
        query = query.filter(Column::Id.gt(id));
    }
    query = if span.backward {
        query.order_by_asc(Column::Id)
    } else {
        query.order_by_desc(Column::Id)
    };
    let rows = query.limit(span.size as u64 + 1).all(&viewer.store().reader).await?;
    let rows = rows.into_iter().map(|run| as_it_stands(viewer, run)).collect();
    Ok(page_of(rows, &span, |run: &import_run::Model| run.id))
}

/// How many imports the viewer may see.
pub async fn count(viewer: &Viewer) -> Result<u64, Failure> {
    viewer.permit(Action::ReadImports)?;
    Ok(visible(viewer).count(&viewer.store().reader).await?)
}

/// One page of the rows of an import that was found before, in the order of the file.
pub async fn rows(
    viewer: &Viewer,
    import_id: i64,
    outcome: Option<Outcome>,
    request: &PageRequest,
) -> Result<Page<Shown>, Failure> {
    if !has_rows(viewer, import_id).await? {
        return Ok(Page::empty());
    }
    let span = request.window()?.span();
    let mut query = of_import(import_id, outcome);
    if let Some(number) = span.after {
        query = query.filter(Field::Number.gt(number));
    }
    if let Some(number) = span.before {
        query = query.filter(Field::Number.lt(number));
    }
    query = if span.backward {
        query.order_by_desc(Field::Number)
    } else {
        query.order_by_asc(Field::Number)
    };
    let reader = &viewer.store().reader;
    let rows = query.limit(span.size as u64 + 1).all(reader).await?;
    let ids = rows.iter().filter_map(|row| row.before_id);
    let before = observation::Entity::find().filter(observation::Column::Id.is_in(ids));
    let before: HashMap<i64, _> =
        before.all(reader).await?.into_iter().map(|row| (row.id, row)).collect();
    let shown = rows.into_iter().map(|row| {
        let before = row.before_id.and_then(|id| before.get(&id).cloned());
        Shown { row, before }
    });
    Ok(page_of(shown.collect(), &span, |shown: &Shown| shown.row.number))
}

/// How many rows of an import that was found before have an outcome.
pub async fn count_rows(
    viewer: &Viewer,
    import_id: i64,
    outcome: Option<Outcome>,
) -> Result<u64, Failure> {
    if !has_rows(viewer, import_id).await? {
        return Ok(0);
    }
    Ok(of_import(import_id, outcome).count(&viewer.store().reader).await?)
}

/// The next lines of an import's file that were not taken, as they stand there, with the
/// number to go on after; nothing at the end.
pub async fn rejects(
    viewer: &Viewer,
    import_id: i64,
    after: i64,
) -> Result<Option<(i64, Vec<String>)>, Failure> {
    use sea_orm::QueryTrait;
    if !has_rows(viewer, import_id).await? {
        return Ok(None);
    }
    let not_taken = of_import(import_id, None)
        .filter(Field::Findings.is_not_null())
        .filter(Field::Outcome.is_in([Outcome::Conflict, Outcome::Refused]))
        .select_only()
        .column(Field::Line)
        .into_query();
    let lines: Vec<(i64, String)> = of_import(import_id, None)
        .select_only()
        .column(Field::Number)
        .column(Field::Raw)
        .filter(Field::Raw.is_not_null())
        .filter(Field::Number.gt(after))
        .filter(Field::Line.in_subquery(not_taken))
        .order_by_asc(Field::Number)
        .limit(AT_ONCE)
        .into_tuple()
        .all(&viewer.store().reader)
        .await?;
    let Some((last, _)) = lines.last() else { return Ok(None) };
    Ok(Some((*last, lines.into_iter().map(|(_, raw)| raw).collect())))
}

/// Whether the viewer may see an import, and there are still rows of it.
async fn has_rows(viewer: &Viewer, import_id: i64) -> Result<bool, Failure> {
    let found = find(viewer, import_id).await?;
    Ok(found.is_some_and(|run| run.state != State::Expired))
}

fn visible(viewer: &Viewer) -> Select<import_run::Entity> {
    let reach = viewer.reach(Action::ReadImports);
    let within = scope::within(reach, Column::OrganisationId, viewer.today());
    import_run::Entity::find().filter(within)
}

fn of_import(import_id: i64, outcome: Option<Outcome>) -> Select<import_row::Entity> {
    let mut wanted = Condition::all().add(Field::ImportId.eq(import_id));
    if let Some(outcome) = outcome {
        wanted = wanted.add(Field::Outcome.eq(outcome));
        // What is not taken always has findings, and is indexed by them.
        if matches!(outcome, Outcome::Conflict | Outcome::Refused) {
            wanted = wanted.add(Expr::col(Field::Findings).is_not_null());
        }
    }
    import_row::Entity::find().filter(wanted)
}

/// A reading that was cut off, with the program that did it, has failed, and what waited
/// too long has expired: nobody was there to say so in the database.
fn as_it_stands(viewer: &Viewer, mut run: import_run::Model) -> import_run::Model {
    if expiry::has_expired(&run, viewer.now()) {
        run.state = State::Expired;
    } else if run.state == State::Reading && run.progressed_at + GONE < viewer.now() {
        run.state = State::Failed;
        run.failure = Some("reading was cut off: start it again".to_owned());
    }
    run
}
