//! Lists of returns, those that nobody has begun among them: newest month first, then by
//! schedule and organisation.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use entity::{
    monthly_return::{self, Column},
    organisation::Kind,
    return_value,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{
    Return, ReturnState, newest,
    schedule::{Schedule, last_ended},
};
use crate::{
    auth::{action::Action, policy::Reach},
    domain::{
        directory::{Directory, organisation::Organisation},
        error::Failure,
        metrics::catalogue::Catalogue,
        organisations::{OrganisationBy, resolve},
        page::{By, Key, LARGEST, Page, PageRequest},
        scope,
        turn::VALUES,
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// The most months that a list looks through, and how many it does unless it is told.
const MOST_MONTHS: i32 = 60;
const MONTHS: i32 = 12;

/// Which returns a list shows; what is None does not narrow it, but for the months: those
/// are the twelve up to the last one that has ended.
#[derive(Debug, Clone, Default)]
pub struct ReturnFilter {
    pub states: Option<Vec<ReturnState>>,
    pub overdue: Option<bool>,
    pub schedule: Option<i64>,
    pub organisation: Option<OrganisationBy>,
    /// Of organisations that sit within this one today, or are it.
    pub within: Option<OrganisationBy>,
    pub first_month: Option<Month>,
    pub last_month: Option<Month>,
}

/// One page of the returns within the viewer's reach.
pub async fn list(
    viewer: &Viewer,
    filter: &ReturnFilter,
    request: &PageRequest,
) -> Result<Page<Return>, Failure> {
    viewer.permit(Action::ReadReturns)?;
    let window = request.window()?;
    let Some(listing) = Listing::new(viewer, filter)? else { return Ok(Page::empty()) };
    let mut months: Vec<Month> = listing.first.to(listing.last).collect();
    if !window.backward {
        months.reverse();
    }
    let mut items: Vec<(Key<'static>, Return)> = Vec::new();
    for month in months {
        let outside = |edge: &Option<Key<'_>>, is_before: bool| {
            let other = edge.as_ref().map(rank_of);
            other.is_some_and(
                |other| {
                    if is_before { rank(month) > other } else { rank(month) < other }
                },
            )
        };
        if outside(&window.after, false) || outside(&window.before, true) {
            continue;
        }
        let mut of_month = listing.of(viewer, month, month).await?;
        if window.backward {
            of_month.reverse();
        }
        items.extend(of_month.into_iter().map(|it| (key(&it), it)).filter(|(key, _)| {
            window.after.as_ref().is_none_or(|edge| key > edge)
                && window.before.as_ref().is_none_or(|edge| key < edge)
        }));
        if items.len() > window.size {
            break;
        }
    }
    let more = items.len() > window.size;
    items.truncate(window.size);
    if window.backward {
        items.reverse();
    }
    fill(viewer, items.iter_mut().map(|(_, it)| it)).await?;
    Ok(Page {
        items,
        has_next: if window.backward { window.before.is_some() } else { more },
        has_previous: if window.backward { more } else { window.after.is_some() },
    })
}

/// All the returns that a filter lets through, with their answers.
pub(in crate::domain) async fn every(
    viewer: &Viewer,
    filter: &ReturnFilter,
) -> Result<Vec<Return>, Failure> {
    let Some(listing) = Listing::new(viewer, filter)? else { return Ok(Vec::new()) };
    let all = listing.of(viewer, listing.first, listing.last).await?;
    let mut items: Vec<_> = all.into_iter().map(|it| (key(&it), it)).collect();
    fill(viewer, items.iter_mut().map(|(_, it)| it)).await?;
    Ok(items.into_iter().map(|(_, it)| it).collect())
}

/// How many returns a filter lets through.
pub async fn count(viewer: &Viewer, filter: &ReturnFilter) -> Result<usize, Failure> {
    viewer.permit(Action::ReadReturns)?;
    let Some(listing) = Listing::new(viewer, filter)? else { return Ok(0) };
    Ok(listing.of(viewer, listing.first, listing.last).await?.len())
}

/// The newest month first: a larger number is an earlier month.
fn rank(month: Month) -> i64 {
    i64::from(220_100 - month.stored())
}

const SCHEDULES: i64 = 1 << 40;

fn rank_of(key: &Key<'_>) -> i64 {
    match key.by {
        By::Number(number) => number.div_euclid(SCHEDULES),
        By::Nothing | By::Text(_) => i64::MIN,
    }
}

/// The order of the list as one number and an id.
pub(super) fn key(it: &Return) -> Key<'static> {
    let number = rank(it.month) * SCHEDULES + it.schedule.row.id;
    Key { by: By::Number(number), id: it.organisation.id() }
}

/// A list's filter, with what it names found.
pub(super) struct Listing<'a> {
    filter: &'a ReturnFilter,
    catalogue: Arc<Catalogue>,
    reach: Reach,
    pub first: Month,
    pub last: Month,
    /// Whoever may owe what is listed, by their ids.
    pub organisations: Vec<Arc<Organisation>>,
}

impl<'a> Listing<'a> {
    /// None where the filter names what is not there.
    fn new(viewer: &Viewer, filter: &'a ReturnFilter) -> Result<Option<Self>, Failure> {
        let (first, last) = months(viewer, filter)?;
        let directory = viewer.directory();
        let (reach, today) = (viewer.reach(Action::ReadReturns), viewer.today());
        let named = |by: &Option<OrganisationBy>| match by {
            None => Some(None),
            Some(by) => resolve(&directory, by, today).cloned().map(Some),
        };
        let (Some(only), Some(within)) = (named(&filter.organisation), named(&filter.within))
        else {
            return Ok(None);
        };
        let inside = |each: &Organisation, place: &Organisation| {
            place.kind() == Kind::Programme
                || each.id() == place.id()
                || each.placed_within(place.id(), today)
        };
        let mut organisations = candidates(&directory, &reach, only);
        organisations.retain(|each| within.as_ref().is_none_or(|place| inside(each, place)));
        Ok(Some(Self::over(viewer, filter, (first, last), organisations)))
    }

    /// Over those of some organisations that lie within the reach, whatever the filter says
    /// of organisations.
    pub(super) fn over(
        viewer: &Viewer,
        filter: &'a ReturnFilter,
        (first, last): (Month, Month),
        mut organisations: Vec<Arc<Organisation>>,
    ) -> Self {
        let (directory, catalogue) = (viewer.directory(), viewer.catalogue());
        let (reach, today) = (viewer.reach(Action::ReadReturns), viewer.today());
        organisations.retain(|each| directory.covers(&reach, each, today));
        organisations.sort_unstable_by_key(|each| each.id());
        Self { filter, catalogue, reach, first, last, organisations }
    }

    /// Everything that is listed of some months, in order, without its answers.
    pub(super) async fn of(
        &self,
        viewer: &Viewer,
        first: Month,
        last: Month,
    ) -> Result<Vec<Return>, DbErr> {
        let mut listed: BTreeMap<(i64, i64, OrganisationId), Return> = BTreeMap::new();
        let mut add = |it: Return| {
            let place = (rank(it.month), it.schedule.row.id, it.organisation.id());
            listed.entry(place).or_insert(it);
        };
        let begun = self.begun(viewer, first, last).await?;
        let wants = |state| self.filter.states.as_ref().is_none_or(|all| all.contains(&state));
        for it in begun {
            add(it);
        }
        if wants(ReturnState::NotStarted) {
            for (schedule, month) in self.runs(first, last) {
                let owing = self.organisations.iter().filter(|each| schedule.owes(each, month));
                for organisation in owing {
                    let (schedule, organisation) = (schedule.clone(), organisation.clone());
                    add(Return { schedule, organisation, month, row: None, values: Vec::new() });
                }
            }
        }
        let today = viewer.today();
        let passes = |it: &Return| {
            wants(it.state())
                && self.filter.overdue.is_none_or(|wanted| it.is_overdue(today) == wanted)
        };
        Ok(listed.into_values().filter(passes).collect())
    }

    fn runs(&self, first: Month, last: Month) -> impl Iterator<Item = (&Arc<Schedule>, Month)> {
        let schedules = self.catalogue.schedules().all().iter().filter(|each| self.asks(each));
        schedules.flat_map(move |schedule| {
            let months = first.to(last).filter(|month| schedule.runs_in(*month));
            months.map(move |month| (schedule, month))
        })
    }

    fn asks(&self, schedule: &Schedule) -> bool {
        self.filter.schedule.is_none_or(|wanted| wanted == schedule.row.id)
    }

    /// The returns that somebody has begun, in every state: one that is not wanted must
    /// not be taken for one that nobody has begun.
    async fn begun(
        &self,
        viewer: &Viewer,
        first: Month,
        last: Month,
    ) -> Result<Vec<Return>, DbErr> {
        let within = scope::within(self.reach.clone(), Column::OrganisationId, viewer.today());
        let mut query = monthly_return::Entity::find()
            .filter(Column::Month.between(first.stored(), last.stored()))
            .filter(within);
        if let Some(schedule) = self.filter.schedule {
            query = query.filter(Column::ScheduleId.eq(schedule));
        }
        if self.organisations.len() <= LARGEST {
            let ids = self.organisations.iter().map(|each| each.id());
            query = query.filter(Column::OrganisationId.is_in(ids));
        }
        let all = self.filter.states.as_ref();
        if let Some(states) = all.filter(|all| !all.contains(&ReturnState::NotStarted)) {
            query = query.filter(Column::State.is_in(states.iter().filter_map(|it| it.stored())));
        }
        let rows = query.all(&viewer.store().reader).await?;
        let one = |row: monthly_return::Model| {
            let id = row.organisation_id;
            let found = self.organisations.binary_search_by_key(&id, |each| each.id());
            Some(Return {
                schedule: self.catalogue.schedules().find(row.schedule_id)?.clone(),
                organisation: self.organisations.get(found.ok()?)?.clone(),
                month: Month::read(row.month)?,
                row: Some(row),
                values: Vec::new(),
            })
        };
        Ok(rows.into_iter().filter_map(one).collect())
    }
}

/// Whoever may lie within the reach, from the smallest set that the directory offers.
fn candidates(
    directory: &Directory,
    reach: &Reach,
    only: Option<Arc<Organisation>>,
) -> Vec<Arc<Organisation>> {
    if let Some(only) = only {
        return vec![only];
    }
    match *reach {
        Reach::Nowhere | Reach::Provider(_) | Reach::Assigned | Reach::Itself => Vec::new(),
        // Those of several parts may be the same ones.
        Reach::Granted(_) => directory.all().cloned().collect(),
        Reach::Everywhere => directory.all().cloned().collect(),
        Reach::Site(id) | Reach::TrainingHub(id) | Reach::Area(id) | Reach::Region(id) => {
            directory.find(id).into_iter().chain(directory.placed(id)).cloned().collect()
        }
    }
}

/// The months that the list looks through.
pub(super) fn months(viewer: &Viewer, filter: &ReturnFilter) -> Result<(Month, Month), Failure> {
    let ended = last_ended(viewer.today());
    let last = filter.last_month.unwrap_or(ended).min(ended);
    let first = filter.first_month.unwrap_or(last.plus(1 - MONTHS));
    if filter.last_month.is_some_and(|last| filter.first_month.is_some_and(|first| first > last)) {
        let sentence = "firstMonth lies after lastMonth";
        return Err(Failure::BadRequest(sentence.to_owned()));
    }
    if last.since(first) >= MOST_MONTHS {
        let sentence = format!("a list looks through {MOST_MONTHS} months at most: narrow it");
        return Err(Failure::BadRequest(sentence));
    }
    Ok((first, last))
}

/// Reads the answers of what is shown.
pub(super) async fn fill<'a>(
    viewer: &Viewer,
    items: impl IntoIterator<Item = &'a mut Return>,
) -> Result<(), DbErr> {
    let mut items: Vec<&mut Return> = items.into_iter().collect();
    let ids: Vec<i64> = items.iter().filter_map(|it| Some(it.row.as_ref()?.id)).collect();
    let mut values: HashMap<i64, Vec<return_value::Model>> = HashMap::new();
    for ids in ids.chunks(VALUES) {
        let of = return_value::Column::ReturnId.is_in(ids.iter().copied());
        let rows = return_value::Entity::find().filter(of).all(&viewer.store().reader).await?;
        for row in rows {
            values.entry(row.return_id).or_default().push(row);
        }
    }
    for it in &mut items {
        it.values = newest(values.remove(&it.row_id()).unwrap_or_default());
    }
    Ok(())
}
