//! Finding returns by their ids, whether or not anybody has begun them.

use std::collections::{HashMap, HashSet};

use entity::monthly_return::{self, Column};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::{Return, list::fill};
use crate::{
    auth::action::Action,
    domain::{error::Failure, viewer::Viewer},
    ids::{Month, ReturnId},
};

/// The return of that id, if there is one and the viewer may see it.
pub async fn find(viewer: &Viewer, id: ReturnId) -> Result<Option<Return>, Failure> {
    Ok(find_all(viewer, &[id]).await?.pop())
}

/// Those of the returns that there are and that the viewer may see, each once.
pub async fn find_all(viewer: &Viewer, ids: &[ReturnId]) -> Result<Vec<Return>, Failure> {
    viewer.permit(Action::ReadReturns)?;
    let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
    let reach = viewer.reach(Action::ReadReturns);
    let seen = |id: &ReturnId| {
        let organisation = directory.find(id.organisation)?.clone();
        directory.covers(&reach, &organisation, viewer.today()).then_some(())?;
        let schedule = catalogue.schedules().find(id.schedule)?.clone();
        Some(Return { schedule, organisation, month: id.month, row: None, values: Vec::new() })
    };
    let ids: HashSet<&ReturnId> = ids.iter().collect();
    let mut found: Vec<Return> = ids.into_iter().filter_map(seen).collect();
    if found.is_empty() {
        return Ok(found);
    }
    let one_of = found.iter().fold(Condition::any(), |all, it| {
        let one = Condition::all()
            .add(Column::ScheduleId.eq(it.schedule.row.id))
            .add(Column::OrganisationId.eq(it.organisation.id()))
            .add(Column::Month.eq(it.month.stored()));
        all.add(one)
    });
    let rows = monthly_return::Entity::find().filter(one_of).all(&viewer.store().reader).await?;
    let mut rows: HashMap<_, _> =
        rows.into_iter().filter_map(|row| Some((id_of(&row)?, row))).collect();
    for it in &mut found {
        it.row = rows.remove(&it.id());
    }
    found.retain(|it| it.is_there(viewer.today()));
    fill(viewer, &mut found).await?;
    Ok(found)
}

/// A return that somebody has begun, by its row, if the viewer may see it.
pub async fn find_begun(viewer: &Viewer, row: i64) -> Result<Option<Return>, Failure> {
    let row = monthly_return::Entity::find_by_id(row).one(&viewer.store().reader).await?;
    match row.as_ref().and_then(id_of) {
        Some(id) => find(viewer, id).await,
        None => Ok(None),
    }
}

fn id_of(row: &monthly_return::Model) -> Option<ReturnId> {
    let (schedule, organisation) = (row.schedule_id, row.organisation_id);
    Some(ReturnId { schedule, organisation, month: Month::read(row.month)? })
}
