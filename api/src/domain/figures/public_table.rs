//! The fixed grid that figures about people are shown on, as a table of counts with all
//! of the sums that a reader can make of it, and what neighbours know besides.
//!
//! A training hub trains the sites of its ICBs, but for those that have chosen another.
//! Such a site is a count of its own here: nobody is shown it, and the hub that trains it
//! knows it, as the hub at home knows what is left of the site's sub-ICB location.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::{membership::Scheme, organisation::Kind, placement};

use super::periods::Period;
use crate::{
    analytics::disclosure::{Cell, Showing, Sum, Table},
    domain::{
        directory::{Directory, organisation::Organisation},
        observations::place_at,
    },
    ids::OrganisationId,
};

/// The places of the grid, and the sites that have chosen a hub of their own.
pub(super) struct Places<'a> {
    directory: &'a Directory,
    all: &'a [Arc<Organisation>],
    choosers: &'a [Arc<Organisation>],
    today: NaiveDate,
}

/// What a cell of the table counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// A place of the grid, or a site that has chosen.
    Organisation(OrganisationId),
    /// A sub-ICB location without the sites that have chosen another hub.
    Home(OrganisationId),
}

/// Sites that have, or had, a training hub of their own choice.
pub(super) fn choosers(directory: &Directory) -> Vec<Arc<Organisation>> {
    let chose = |site: &&Arc<Organisation>| {
        site.memberships.iter().any(|membership| membership.scheme == Scheme::Training)
    };
    directory.of_kind(Kind::Site).iter().filter(chose).cloned().collect()
}

impl<'a> Places<'a> {
    pub(super) fn new(
        directory: &'a Directory,
        all: &'a [Arc<Organisation>],
        choosers: &'a [Arc<Organisation>],
        today: NaiveDate,
    ) -> Self {
        Self { directory, all, choosers, today }
    }

    /// Those of one kind that lie within a place on a day, by what `of` reads.
    fn within(
        &self,
        kind: Kind,
        day: NaiveDate,
        of: impl Fn(&placement::Model) -> bool,
    ) -> impl Iterator<Item = OrganisationId> {
        let placed = self.all.iter().filter(move |part| part.kind() == kind);
        placed.filter(move |part| place_at(part, day).is_some_and(&of)).map(|part| part.id())
    }

    /// The sites that have chosen another hub than the one of their sub-ICB location, by
    /// that location, each with the hub that it has chosen.
    fn away(
        &self,
        day: NaiveDate,
    ) -> BTreeMap<OrganisationId, Vec<(OrganisationId, OrganisationId)>> {
        let mut away: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for site in self.choosers {
            let Some(at) = place_at(site, day) else { continue };
            let Some((sub_icb, hub)) = at.sub_icb_id.zip(at.training_hub_id) else { continue };
            let home = self.directory.find(sub_icb).and_then(|found| place_at(found, day));
            if home.and_then(|home| home.training_hub_id) != Some(hub) {
                away.entry(sub_icb).or_default().push((site.id(), hub));
            }
        }
        away
    }

    /// What a place is made of on a day, in each way that it is divided.
    fn divisions(&self, place: &Organisation, day: NaiveDate) -> Vec<Vec<Part>> {
        let id = place.id();
        let whole =
            |parts: Vec<OrganisationId>| parts.into_iter().map(Part::Organisation).collect();
        match place.kind() {
            Kind::Programme => {
                let regions = self.all.iter().filter(|part| part.kind() == Kind::Region);
                vec![whole(regions.map(|part| part.id()).collect())]
            }
            Kind::Region => [Kind::Icb, Kind::TrainingHub]
                .map(|kind| whole(self.within(kind, day, |at| at.region_id == Some(id)).collect()))
                .into(),
            Kind::TrainingHub => vec![self.of_hub(id, day)],
            Kind::Icb => {
                vec![whole(self.within(Kind::SubIcb, day, |at| at.icb_id == Some(id)).collect())]
            }
            Kind::SubIcb => {
                let away = self.away(day).remove(&id).unwrap_or_default();
                if away.is_empty() {
                    return Vec::new();
                }
                let sites = away.into_iter().map(|(site, _)| Part::Organisation(site));
                vec![sites.chain([Part::Home(id)]).collect()]
            }
            Kind::Pcn | Kind::Site | Kind::Provider => Vec::new(),
        }
    }

    /// What a hub trains: its ICBs whole or, where some of their sites are away, what is
    /// left of their locations, and the sites of others that have chosen it.
    fn of_hub(&self, hub: OrganisationId, day: NaiveDate) -> Vec<Part> {
        let away = self.away(day);
        let mut parts = Vec::new();
        for icb in self.within(Kind::Icb, day, |at| at.training_hub_id == Some(hub)) {
            let locations: Vec<_> =
                self.within(Kind::SubIcb, day, |at| at.icb_id == Some(icb)).collect();
            if locations.iter().any(|location| away.contains_key(location)) {
                let left = |location| match away.contains_key(&location) {
                    true => Part::Home(location),
                    false => Part::Organisation(location),
                };
                parts.extend(locations.into_iter().map(left));
            } else {
                parts.push(Part::Organisation(icb));
            }
        }
        let chosen = away.values().flatten().filter(|(_, chosen)| *chosen == hub);
        parts.extend(chosen.map(|(site, _)| Part::Organisation(*site)));
        parts
    }

    /// For each training hub and region, what its team knows exactly.
    fn known(&self) -> Vec<HashSet<Part>> {
        let mut known = Vec::new();
        for hub in self.all.iter().filter(|each| each.kind() == Kind::TrainingHub) {
            let mut of = self.of_hub(hub.id(), self.today);
            let whole: Vec<_> = of.clone();
            for part in whole {
                if let Part::Organisation(icb) = part {
                    let below = self.within(Kind::SubIcb, self.today, |at| at.icb_id == Some(icb));
                    of.extend(below.map(Part::Organisation));
                }
            }
            of.push(Part::Organisation(hub.id()));
            known.push(of.into_iter().collect());
        }
        for region in self.all.iter().filter(|each| each.kind() == Kind::Region) {
            let id = region.id();
            let kinds = [Kind::Icb, Kind::SubIcb, Kind::TrainingHub].into_iter();
            let below = kinds.flat_map(|kind| {
                self.within(kind, self.today, |at| at.region_id == Some(id)).collect::<Vec<_>>()
            });
            let mut of: HashSet<Part> = below.map(Part::Organisation).collect();
            of.insert(Part::Organisation(id));
            for (location, sites) in self.away(self.today) {
                let here = of.contains(&Part::Organisation(location));
                of.extend(here.then_some(Part::Home(location)));
                for (site, hub) in sites {
                    if here || of.contains(&Part::Organisation(hub)) {
                        of.insert(Part::Organisation(site));
                    }
                }
            }
            known.push(of);
        }
        known
    }
}

/// A table in the making.
#[derive(Default)]
struct Making {
    table: Table,
    index: HashMap<(Part, Period), usize>,
}

impl Making {
    fn cell(&mut self, part: Part, period: Period, exact: u64, showing: Showing) {
        self.index.insert((part, period), self.table.cells.len());
        self.table.cells.push(Cell { exact, showing });
    }

    /// Adds a sum, with what its parts lack as a part that nobody is shown. Where the
    /// parts are more than the whole, things moved within the period, and nobody can add
    /// them up.
    fn sum(&mut self, total: (Part, Period), parts: impl IntoIterator<Item = (Part, Period)>) {
        let Some(total) = self.index.get(&total).copied() else { return };
        let mut parts: Vec<usize> =
            parts.into_iter().filter_map(|part| self.index.get(&part).copied()).collect();
        let of_parts: u64 = parts.iter().map(|part| self.table.cells[*part].exact).sum();
        let Some(rest) = self.table.cells[total].exact.checked_sub(of_parts) else { return };
        if parts.is_empty() {
            return;
        }
        if rest > 0 {
            parts.push(self.table.cells.len());
            self.table.cells.push(Cell { exact: rest, showing: Showing::Never });
        }
        self.table.sums.push(Sum { total, parts });
    }

    /// Adds what is left of the locations that sites have left for another hub.
    fn homes(&mut self, places: &Places<'_>, period: Period) {
        for (location, sites) in places.away(period.last().last_day()) {
            let exact = |making: &Self, part| {
                let index = making.index.get(&(part, period))?;
                Some(making.table.cells[*index].exact)
            };
            let away: u64 =
                sites.iter().filter_map(|(site, _)| exact(self, Part::Organisation(*site))).sum();
            let whole = exact(self, Part::Organisation(location)).unwrap_or(0);
            let home = whole.saturating_sub(away);
            self.cell(Part::Home(location), period, home, Showing::Never);
        }
    }
}

/// The table of all places and periods, and which of its first cells is which.
pub(super) fn table(
    places: &Places<'_>,
    spans: &BTreeMap<i32, Vec<Period>>,
    exact: impl Fn(&Organisation, Period) -> u64,
) -> (Table, Vec<(OrganisationId, Period)>) {
    let mut making = Making::default();
    let mut cells = Vec::new();
    let periods = || spans.values().flatten().copied();
    for place in places.all {
        for period in periods() {
            cells.push((place.id(), period));
            let showing = match place.kind() {
                Kind::Programme => Showing::AlwaysExact,
                _ => Showing::Controlled,
            };
            let part = Part::Organisation(place.id());
            making.cell(part, period, exact(place, period), showing);
        }
    }
    for period in periods() {
        for site in places.choosers {
            let part = Part::Organisation(site.id());
            making.cell(part, period, exact(site, period), Showing::Never);
        }
        making.homes(places, period);
    }
    for place in places.all {
        let whole = Part::Organisation(place.id());
        for period in periods() {
            for division in places.divisions(place, period.last().last_day()) {
                making.sum((whole, period), division.into_iter().map(|part| (part, period)));
            }
        }
        over_time(&mut making, whole, spans);
    }
    for known in places.known() {
        let cells = making.index.iter().filter(|((part, _), _)| known.contains(part));
        let mut cells: Vec<usize> = cells.map(|(_, index)| *index).collect();
        cells.sort_unstable();
        making.table.insiders.push(cells);
    }
    (making.table, cells)
}

/// A quarter is its months, and a year its quarters.
fn over_time(making: &mut Making, part: Part, spans: &BTreeMap<i32, Vec<Period>>) {
    for (whole, of) in [(1, 0), (2, 1), (3, 1)] {
        let (Some(wholes), Some(parts)) = (spans.get(&whole), spans.get(&of)) else { continue };
        for period in wholes {
            let inside =
                parts.iter().filter(|one| (period.first..=period.last()).contains(&one.first));
            making.sum((part, *period), inside.map(|one| (part, *one)));
        }
    }
}
