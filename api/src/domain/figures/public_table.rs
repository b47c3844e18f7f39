//! The fixed grid that figures about people are shown on, as a table of counts with all
//! of the sums that a reader can make of it, and what neighbours know besides.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::organisation::Kind;

use super::periods::Period;
use crate::{
    analytics::disclosure::{Cell, Showing, Sum, Table},
    domain::{
        directory::{Directory, organisation::Organisation},
        observations::place_at,
    },
    ids::OrganisationId,
};

/// The places of the grid.
pub(super) struct Places<'a> {
    all: &'a [Arc<Organisation>],
    /// For each training hub and region, those whose figures its team knows.
    known_to: Vec<Vec<OrganisationId>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(
        directory: &Directory,
        all: &'a [Arc<Organisation>],
        today: NaiveDate,
    ) -> Self {
        let teams = [Kind::TrainingHub, Kind::Region].into_iter();
        let teams = teams.flat_map(|kind| directory.of_kind(kind));
        let within = |team: &Arc<Organisation>| {
            let known = all.iter().filter(|place| {
                place.id() == team.id()
                    || place_at(place, today).is_some_and(|at| {
                        [at.training_hub_id, at.region_id].contains(&Some(team.id()))
                    })
            });
            known.map(|place| place.id()).collect()
        };
        Self { all, known_to: teams.map(within).collect() }
    }

    /// The parts of a place on a day, in each way that it is divided.
    fn divisions(&self, place: &Organisation, day: NaiveDate) -> Vec<Vec<OrganisationId>> {
        let parts =
            |kind: Kind, of: &dyn Fn(&entity::placement::Model) -> Option<OrganisationId>| {
                let below = self.all.iter().filter(|part| {
                    part.kind() == kind
                        && place_at(part, day).is_some_and(|at| of(at) == Some(place.id()))
                });
                below.map(|part| part.id()).collect::<Vec<_>>()
            };
        match place.kind() {
            Kind::Programme => {
                let regions = self.all.iter().filter(|part| part.kind() == Kind::Region);
                vec![regions.map(|part| part.id()).collect()]
            }
            Kind::Region => vec![
                parts(Kind::Icb, &|at| at.region_id),
                parts(Kind::TrainingHub, &|at| at.region_id),
            ],
            Kind::TrainingHub => vec![parts(Kind::Icb, &|at| at.training_hub_id)],
            Kind::Icb => vec![parts(Kind::SubIcb, &|at| at.icb_id)],
            Kind::SubIcb | Kind::Pcn | Kind::Site | Kind::Provider => Vec::new(),
        }
    }
}

/// The table of all places and periods, and which cell is which.
pub(super) fn table(
    places: &Places<'_>,
    spans: &BTreeMap<i32, Vec<Period>>,
    exact: impl Fn(&Organisation, Period) -> u64,
) -> (Table, Vec<(OrganisationId, Period)>) {
    let mut table = Table::default();
    let mut cells = Vec::new();
    let mut index = HashMap::new();
    for place in places.all {
        for period in spans.values().flatten() {
            index.insert((place.id(), *period), cells.len());
            cells.push((place.id(), *period));
            let showing = match place.kind() {
                Kind::Programme => Showing::AlwaysExact,
                _ => Showing::Controlled,
            };
            table.cells.push(Cell { exact: exact(place, *period), showing });
        }
    }
    for place in places.all {
        for period in spans.values().flatten() {
            for division in places.divisions(place, period.last().last_day()) {
                let parts = division.iter().map(|part| index[&(*part, *period)]).collect();
                add_sum(&mut table, index[&(place.id(), *period)], parts);
            }
        }
        for (whole, part) in [(1, 0), (2, 1), (3, 1)] {
            let (Some(wholes), Some(parts)) = (spans.get(&whole), spans.get(&part)) else {
                continue;
            };
            for period in wholes {
                let within = parts
                    .iter()
                    .filter(|part| (period.first..=period.last()).contains(&part.first));
                let parts = within.map(|part| index[&(place.id(), *part)]).collect();
                add_sum(&mut table, index[&(place.id(), *period)], parts);
            }
        }
    }
    for known in &places.known_to {
        let cells = cells.iter().enumerate().filter(|(_, (place, _))| known.contains(place));
        table.insiders.push(cells.map(|(index, _)| index).collect());
    }
    (table, cells)
}

/// Adds a sum, with what its parts lack as a part that nobody is shown. Where the parts
/// are more than the whole, things moved within the period, and nobody can add them up.
fn add_sum(table: &mut Table, total: usize, mut parts: Vec<usize>) {
    let of_parts: u64 = parts.iter().map(|part| table.cells[*part].exact).sum();
    let Some(rest) = table.cells[total].exact.checked_sub(of_parts) else { return };
    if parts.is_empty() {
        return;
    }
    if rest > 0 {
        parts.push(table.cells.len());
        table.cells.push(Cell { exact: rest, showing: Showing::Never });
    }
    table.sums.push(Sum { total, parts });
}
