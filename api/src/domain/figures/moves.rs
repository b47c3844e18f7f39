//! Figures on one day's boundaries: the sums that are kept, which are on those of each
//! month, less what has left a place since, and with what has come. Only organisations
//! that moved are looked at, and those are known from memory.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::DbErr;

use super::{
    boundaries::{Follow, places_on},
    cells::Grid,
    gather::{Wanted, from_observations, is_above},
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        observations::{self, Latest, Sums, adds_up},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// How many organisations' figures are looked at at once.
const AT_ONCE: usize = 1_000;

/// Brings the cells of places from the boundaries of each month to those of one day.
pub(super) async fn correct(
    viewer: &Viewer,
    directory: &Directory,
    wanted: &Wanted<'_>,
    fixed: (NaiveDate, Follow),
    grid: &mut Grid,
) -> Result<(), DbErr> {
    let places: HashSet<OrganisationId> = wanted.organisations.iter().map(|o| o.id()).collect();
    let moved = moved(directory, wanted, fixed, &places);
    if moved.is_empty() {
        return Ok(());
    }
    let adding: Vec<i64> = series(wanted, true);
    let ids: Vec<OrganisationId> = moved.keys().copied().collect();
    for ids in ids.chunks(AT_ONCE) {
        let latest = Latest {
            series: Some(&adding),
            organisations: Some(ids),
            months: Some(wanted.months),
            known_at: None,
        };
        for row in observations::read(&viewer.store().reader, &latest).await? {
            let (Some(moves), Some(month)) =
                (moved.get(&row.organisation_id), Month::read(row.month))
            else {
                continue;
            };
            let Some(definition) = wanted.definition(row.series_id) else { continue };
            let organisation = directory.find(row.organisation_id);
            let below = organisation.is_some_and(|o| o.kind() == definition.row.subject_level);
            if !below || row.status < wanted.least {
                continue;
            }
            let sums = Sums::of(&row);
            for Move { first, last, left, joined } in moves {
                if !(*first..=*last).contains(&month) {
                    continue;
                }
                for place in left {
                    if let Some(cell) = grid.at(row.series_id, *place, month) {
                        cell.add(&sums.negated(), row.status, None);
                    }
                }
                for place in joined {
                    if let Some(cell) = grid.at(row.series_id, *place, month) {
                        cell.add(&sums, row.status, Some(row.recorded_at));
                    }
                }
            }
        }
    }
    recount(viewer, directory, wanted, grid).await
}

/// Distinct counts are made again where anybody moved at all.
async fn recount(
    viewer: &Viewer,
    directory: &Directory,
    wanted: &Wanted<'_>,
    grid: &mut Grid,
) -> Result<(), DbErr> {
    let counting = series(wanted, false);
    if counting.is_empty() {
        return Ok(());
    }
    let mut own = Grid::new(wanted.months.0, wanted.months.1);
    let mut anew = Grid::new(wanted.months.0, wanted.months.1);
    from_observations(viewer, directory, wanted, &counting, &mut anew, &mut own).await?;
    for organisation in wanted.organisations {
        for series in &counting {
            let above =
                wanted.definition(*series).is_some_and(|d| is_above(d, organisation.kind()));
            for month in wanted.months.0.to(wanted.months.1).filter(|_| above) {
                if let Some(cell) = grid.at(*series, organisation.id(), month) {
                    *cell = anew.get(*series, organisation.id(), month);
                }
            }
        }
    }
    Ok(())
}

fn series(wanted: &Wanted<'_>, adding: bool) -> Vec<i64> {
    let chosen = wanted.series.iter().filter(|definition| adds_up(definition) == adding);
    chosen.map(|definition| definition.row.series_id).collect()
}

/// For some months, the places asked about that an organisation's figures leave and join.
struct Move {
    first: Month,
    last: Month,
    left: Vec<OrganisationId>,
    joined: Vec<OrganisationId>,
}

/// Whoever sat elsewhere in any of the months, as far as it matters to the places.
fn moved(
    directory: &Directory,
    wanted: &Wanted<'_>,
    fixed: (NaiveDate, Follow),
    places: &HashSet<OrganisationId>,
) -> HashMap<OrganisationId, Vec<Move>> {
    let levels: HashSet<_> = wanted.series.iter().map(|each| each.row.subject_level).collect();
    let mut moved = HashMap::new();
    for kind in levels {
        for organisation in directory.of_kind(kind) {
            let still = organisation.placements.len() < 2 && organisation.lifetime().1.is_none();
            if still {
                continue;
            }
            let moves = moves(directory, organisation, wanted.months, fixed, places);
            if !moves.is_empty() {
                moved.insert(organisation.id(), moves);
            }
        }
    }
    moved
}

fn moves(
    directory: &Directory,
    organisation: &Organisation,
    (first, last): (Month, Month),
    fixed: (NaiveDate, Follow),
    places: &HashSet<OrganisationId>,
) -> Vec<Move> {
    let asked = |on| -> BTreeSet<OrganisationId> {
        let (month, on) = on;
        places_on(directory, organisation, month, on)
            .filter(|place| places.contains(place))
            .collect()
    };
    let is = asked((first, Some(fixed)));
    let mut moves: Vec<Move> = Vec::new();
    // Placements change where a month's last day passes the beginning of one.
    let mut begins: BTreeSet<Month> = BTreeSet::from([first]);
    for placement in &organisation.placements {
        let month = Month::of(placement.valid_from);
        begins.extend(Some(month).filter(|month| (first..=last).contains(month)));
    }
    let begins: Vec<Month> = begins.into_iter().collect();
    for (index, begin) in begins.iter().enumerate() {
        let was = asked((*begin, None));
        if was != is {
            let end = begins.get(index + 1).map_or(last, |next| next.plus(-1));
            moves.push(Move {
                first: *begin,
                last: end,
                left: was.difference(&is).copied().collect(),
                joined: is.difference(&was).copied().collect(),
            });
        }
    }
    moves
}
