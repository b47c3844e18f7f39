//! Who owes which figures: schedules, and the organisations that they mean in a month.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use entity::{organisation::Kind, organisation_fact::Status, return_schedule};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use crate::{
    auth::action::Action,
    domain::{
        directory::{Directory, organisation::Organisation},
        error::Failure,
        viewer::Viewer,
    },
    ids::Month,
};

/// A schedule, with what is written in it understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub row: return_schedule::Model,
    /// The codes of the metrics, in the order of the form.
    pub metrics: Vec<String>,
    pub first: Month,
    pub last: Option<Month>,
}

/// One state of all schedules, the oldest first.
#[derive(Debug, Default)]
pub struct Schedules(Vec<Arc<Schedule>>);

impl Schedule {
    pub fn new(row: return_schedule::Model) -> Option<Self> {
        let metrics = serde_json::from_str(&row.metrics).ok()?;
        let first = Month::read(row.first_month)?;
        let last = row.last_month.and_then(Month::read);
        Some(Self { row, metrics, first, last })
    }

    /// The last day on which a month's return is on time.
    pub fn due_on(&self, month: Month) -> NaiveDate {
        let days = Days::new(u64::from(self.row.due_days.unsigned_abs()));
        month.last_day().checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }

    pub fn runs_in(&self, month: Month) -> bool {
        self.first <= month && self.last.is_none_or(|last| month <= last)
    }

    /// Whether an organisation owes a month's return: of the kind, open at the month's
    /// end (a site: eligible), and lying within whatever the schedule is for.
    pub(in crate::domain) fn owes(&self, organisation: &Organisation, month: Month) -> bool {
        let day = month.last_day();
        let open = || match organisation.kind() {
            Kind::Site => organisation.eligible_at(day),
            _ => matches!(organisation.status_at(day), Some(Status::Active | Status::Dormant)),
        };
        let within = || {
            let place = self.row.within_id;
            place.is_none_or(|id| organisation.id() == id || organisation.placed_within(id, day))
        };
        organisation.kind() == self.row.owed_by && self.runs_in(month) && open() && within()
    }

    /// Those who owe a month's return, by their ids.
    pub(in crate::domain) fn owing<'a>(
        &self,
        directory: &'a Directory,
        month: Month,
    ) -> impl Iterator<Item = &'a Arc<Organisation>> {
        let all = directory.of_kind(self.row.owed_by);
        all.iter().filter(move |organisation| self.owes(organisation, month))
    }
}

impl Schedules {
    pub fn all(&self) -> &[Arc<Schedule>] {
        &self.0
    }

    pub fn find(&self, id: i64) -> Option<&Arc<Schedule>> {
        self.0.iter().find(|schedule| schedule.row.id == id)
    }
}

/// Reads every schedule.
pub(in crate::domain) async fn load(connection: &impl ConnectionTrait) -> Result<Schedules, DbErr> {
    let rows = return_schedule::Entity::find().order_by_asc(return_schedule::Column::Id);
    let schedules = rows.all(connection).await?.into_iter().filter_map(Schedule::new);
    Ok(Schedules(schedules.map(Arc::new).collect()))
}

/// Every schedule, the oldest first, for those who read returns.
pub fn all(viewer: &Viewer) -> Result<Vec<Arc<Schedule>>, Failure> {
    viewer.permit(Action::ReadReturns)?;
    Ok(viewer.catalogue().schedules().all().to_vec())
}

/// The schedule of that id, for those who read returns.
pub fn find(viewer: &Viewer, id: i64) -> Option<Arc<Schedule>> {
    viewer.permit(Action::ReadReturns).ok()?;
    viewer.catalogue().schedules().find(id).cloned()
}

/// The last month that has ended: the newest one that anybody owes anything for.
pub(super) fn last_ended(today: NaiveDate) -> Month {
    Month::of(today).plus(-1)
}
