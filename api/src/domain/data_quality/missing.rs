//! Returns that should have come, and have not.

use std::{collections::HashSet, sync::Arc};

use entity::monthly_return::{self, Column, State};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Issue, Rule, look::Look};
use crate::{
    domain::directory::organisation::Organisation,
    ids::{Month, OrganisationId},
};

/// How far back a return is still asked after, in months.
const LOOK_BACK: i32 = 24;

/// The overdue returns of some organisations, in one statement.
pub(super) async fn returns<C: ConnectionTrait>(
    look: &Look<'_, C>,
    organisations: &[Arc<Organisation>],
) -> Result<Vec<Issue>, DbErr> {
    let schedules = look.catalogue.schedules().all();
    let owing = |each: &&Arc<Organisation>| {
        schedules.iter().any(|schedule| schedule.row.owed_by == each.kind())
    };
    let owing: Vec<&Arc<Organisation>> = organisations.iter().filter(owing).collect();
    if owing.is_empty() {
        return Ok(Vec::new());
    }
    let (first, last) = (Month::of(look.today).plus(-LOOK_BACK), Month::of(look.today).plus(-1));
    let came: Vec<(i64, OrganisationId, i32)> = monthly_return::Entity::find()
        .select_only()
        .columns([Column::ScheduleId, Column::OrganisationId, Column::Month])
        .filter(Column::OrganisationId.is_in(owing.iter().map(|each| each.id())))
        .filter(Column::Month.gte(first.stored()))
        .filter(Column::State.is_in([State::Submitted, State::Approved, State::Locked]))
        .into_tuple()
        .all(look.connection)
        .await?;
    let came: HashSet<_> = came.into_iter().collect();
    let mut found = Vec::new();
    for organisation in owing {
        for schedule in schedules {
            let until = schedule.last.map_or(last, |end| end.min(last));
            for month in first.max(schedule.first).to(until) {
                let key = (schedule.row.id, organisation.id(), month.stored());
                let due = schedule.due_on(month);
                if due >= look.today || came.contains(&key) || !schedule.owes(organisation, month) {
                    continue;
                }
                let what = format!("{:?} for {month} was due on {due}", schedule.row.title);
                let to_do = "submit the return; if there was nothing to count, a nil return";
                let about = format!("{}:{month}", schedule.row.id);
                let since = due.succ_opt().unwrap_or(due);
                let said = (what, to_do.to_owned());
                found.push(Issue::new(Rule::MissingReturn, organisation, about, since, said));
            }
        }
    }
    Ok(found)
}
