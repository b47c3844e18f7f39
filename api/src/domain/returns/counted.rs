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

#[cfg(test)]
mod tests {
    use entity::organisation::Kind;

    use super::*;
    use crate::{
        auth::action::Action,
        domain::{
            idempotency::IdempotencyKey,
            metrics,
            organisations::OrganisationBy,
            reference,
            returns::{
                draft::{self, SaveReturnDraft},
                scheduling::{self, ScheduleReturns},
                submit::{self, ReturnRead},
            },
            trial::Trial,
        },
    };

    async fn schedule(trial: &Trial, title: &str, metric: &str, due_days: i32) -> i64 {
        let command = ScheduleReturns {
            title: title.to_owned(),
            metrics: vec![metric.to_owned()],
            owed_by: Kind::TrainingHub,
            within: None,
            first_month: "2025-11".parse().unwrap(),
            last_month: None,
            due_days,
        };
        let key = IdempotencyKey::new(title, "scheduleReturns", title).unwrap();
        let permit = trial.permit(Action::ScheduleReturns);
        scheduling::schedule(&trial.viewer, permit, key, command).await.unwrap()
    }

    async fn submit(trial: &Trial, schedule: i64, month: &str) {
        let command = SaveReturnDraft {
            schedule,
            organisation: OrganisationBy::Slug("west-yorkshire".parse().unwrap()),
            month: month.parse().unwrap(),
            expected_version: 0,
            answers: Vec::new(),
            nil: true,
            dry_run: false,
        };
        let permit = trial.permit(Action::SaveReturnDraft);
        let drafted = draft::save(&trial.viewer, permit, command).await.unwrap();
        let read = ReturnRead { id: drafted.it.id(), expected_version: 1 };
        let permit = trial.permit(Action::SubmitReturn);
        submit::submit(&trial.viewer, permit, read).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_owed_came_and_came_in_time_is_counted_by_month_and_organisation() {
        let trial = Trial::open().await;
        let permit = || trial.permit(Action::LoadEdition);
        reference::load_reference(&trial.viewer, permit()).await.unwrap();
        metrics::shipped::load(&trial.viewer, permit()).await.unwrap();
        let months = ("2025-10".parse().unwrap(), "2026-06".parse().unwrap());
        assert!(counted(&trial.viewer, months).await.unwrap().is_empty());
        // It is the 15th of January: for December the one is due today, the other was.
        let hours = schedule(&trial, "hours", "impact.gp_hours_released", 15).await;
        let appointments =
            schedule(&trial, "appointments", "impact.appointments_released", 14).await;
        submit(&trial, hours, "2025-12").await;
        submit(&trial, appointments, "2025-12").await;
        submit(&trial, appointments, "2025-11").await;
        let counted = counted(&trial.viewer, months).await.unwrap();
        let hubs = trial.viewer.directory().of_kind(Kind::TrainingHub).len();
        assert_eq!(counted.len(), 2 * hubs, "November and December, and no month that goes on");
        assert!(counted.iter().all(|each| each.owed == 2));
        let came: Vec<_> = counted
            .iter()
            .filter(|each| each.submitted > 0)
            .map(|each| (each.month.to_string(), each.submitted, each.on_time))
            .collect();
        assert_eq!(came, [("2025-11".to_owned(), 1, 0), ("2025-12".to_owned(), 2, 1)]);
    }
}
