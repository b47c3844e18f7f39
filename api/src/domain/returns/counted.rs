//! Completeness and timeliness: how many returns each organisation owed for each month,
//! and how many came.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use entity::monthly_return::{self, Column, State};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::schedule::last_ended;
use crate::{
    domain::{directory::organisation::Organisation, viewer::Viewer},
    ids::{Month, OrganisationId},
};

/// The returns of one organisation for one month.
#[derive(Debug, Clone)]
pub struct Counted {
    pub organisation: Arc<Organisation>,
    pub month: Month,
    /// Never 0.
    pub owed: u32,
    /// Those that are in: submitted, approved or locked.
    pub submitted: u32,
    /// Those of them that were first submitted by their due date.
    pub on_time: u32,
}

/// What is owed and what came, one for each owing organisation and month of a range, both
/// ends included, by month and organisation. A month counts once it has ended.
pub(in crate::domain) async fn counted(
    viewer: &Viewer,
    (first, last): (Month, Month),
) -> Result<Vec<Counted>, DbErr> {
    let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
    let last = last.min(last_ended(viewer.today()));
    let schedules = catalogue.schedules().all();
    if schedules.is_empty() || first > last {
        return Ok(Vec::new());
    }
    let arrived = arrived(viewer, first, last).await?;
    let mut counted: BTreeMap<(Month, OrganisationId), Counted> = BTreeMap::new();
    for schedule in schedules {
        for month in first.max(schedule.first).to(schedule.last.unwrap_or(last).min(last)) {
            for organisation in schedule.owing(&directory, month) {
                let id = organisation.id();
                let of = counted.entry((month, id)).or_insert_with(|| Counted {
                    organisation: organisation.clone(),
                    month,
                    owed: 0,
                    submitted: 0,
                    on_time: 0,
                });
                of.owed += 1;
                let key = |on_time| (schedule.row.id, id, month, on_time);
                let on_time = arrived.contains(&key(true));
                of.submitted += u32::from(on_time || arrived.contains(&key(false)));
                of.on_time += u32::from(on_time);
            }
        }
    }
    Ok(counted.into_values().collect())
}

/// Schedule, organisation and month of the returns that are in, with whether each came
/// by its due date.
type Arrived = HashSet<(i64, OrganisationId, Month, bool)>;

async fn arrived(viewer: &Viewer, first: Month, last: Month) -> Result<Arrived, DbErr> {
    let catalogue = viewer.catalogue();
    let rows: Vec<(i64, i64, i32, Option<chrono::DateTime<chrono::Utc>>)> =
        monthly_return::Entity::find()
            .select_only()
            .columns([
                Column::ScheduleId,
                Column::OrganisationId,
                Column::Month,
                Column::FirstSubmittedAt,
            ])
            .filter(Column::Month.between(first.stored(), last.stored()))
            .filter(Column::State.is_in([State::Submitted, State::Approved, State::Locked]))
            .into_tuple()
            .all(&viewer.store().reader)
            .await?;
    let arrived = rows.into_iter().filter_map(|(schedule, organisation, month, at)| {
        let month = Month::read(month)?;
        let due = catalogue.schedules().find(schedule)?.due_on(month);
        let came = at?.with_timezone(&chrono_tz::Europe::London).date_naive();
        Some((schedule, organisation, month, came <= due))
    });
    Ok(arrived.collect())
}
