//! Figures on one day's boundaries: the sums that are kept, which are on those of each
//! month, less what has left a place since, and with what has come. Only organisations
//! that moved are looked at, which are known from memory, and the database adds them up
//! by where they went.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::organisation::Kind;
use sea_orm::DbErr;

use super::{
    boundaries::{Follow, places_on},
    cells::Grid,
    gather::{Wanted, from_observations, is_above},
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        metrics::catalogue::Definition,
        observations::{Member, Summed, adds_up, summed},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// Brings the cells of places from the boundaries of each month to those of one day.
pub(super) async fn correct(
    viewer: &Viewer,
    directory: &Directory,
    wanted: &Wanted<'_>,
    fixed: (NaiveDate, Follow),
    grid: &mut Grid,
) -> Result<(), DbErr> {
    let places: HashSet<OrganisationId> = wanted.organisations.iter().map(|o| o.id()).collect();
    let levels: BTreeSet<Kind> = wanted.series.iter().map(|each| each.row.subject_level).collect();
    let mut anybody = false;
    for level in levels {
        let moved = Moved::find(directory, (level, wanted.months), fixed, &places);
        anybody |= !moved.members.is_empty();
        let of_level = |each: &&Arc<Definition>| each.row.subject_level == level && adds_up(each);
        let adding: Vec<i64> =
            wanted.series.iter().filter(of_level).map(|each| each.row.series_id).collect();
        if adding.is_empty() || moved.members.is_empty() {
            continue;
        }
        for found in summed(&viewer.store().reader, &adding, &moved.members).await? {
            if found.status >= wanted.least {
                moved.follow(&found, grid);
            }
        }
    }
    if anybody { recount(viewer, directory, wanted, grid).await } else { Ok(()) }
}

/// Distinct counts are made again where anybody moved at all.
async fn recount(
    viewer: &Viewer,
    directory: &Directory,
    wanted: &Wanted<'_>,
    grid: &mut Grid,
) -> Result<(), DbErr> {
    let counting: Vec<i64> = wanted
        .series
        .iter()
        .filter(|definition| !adds_up(definition))
        .map(|definition| definition.row.series_id)
        .collect();
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

/// The places asked about that figures leave, and those that they join.
type Change = (Vec<OrganisationId>, Vec<OrganisationId>);

/// Organisations of one kind that sat elsewhere, grouped by where their figures go.
#[derive(Default)]
struct Moved {
    members: Vec<Member>,
    changes: Vec<Change>,
}

impl Moved {
    /// Whoever sat elsewhere in any of the months, as far as it matters to the places.
    fn find(
        directory: &Directory,
        (level, months): (Kind, (Month, Month)),
        fixed: (NaiveDate, Follow),
        places: &HashSet<OrganisationId>,
    ) -> Self {
        let mut moved = Self::default();
        let mut groups: HashMap<Change, usize> = HashMap::new();
        for organisation in directory.of_kind(level) {
            let still = organisation.placements.len() < 2 && organisation.lifetime().1.is_none();
            if still {
                continue;
            }
            for (months, change) in moves(directory, organisation, months, fixed, places) {
                let group = *groups.entry(change).or_insert_with_key(|change| {
                    moved.changes.push(change.clone());
                    moved.changes.len() - 1
                });
                moved.members.push(Member { organisation: organisation.id(), months, group });
            }
        }
        moved
    }

    /// Takes what a group comes to from where it was to where it belongs.
    fn follow(&self, found: &Summed, grid: &mut Grid) {
        let Some((left, joined)) = self.changes.get(found.group) else { return };
        for place in left {
            if let Some(cell) = grid.at(found.series, *place, found.month) {
                cell.add(&found.sums.negated(), found.status, None);
            }
        }
        for place in joined {
            if let Some(cell) = grid.at(found.series, *place, found.month) {
                cell.add(&found.sums, found.status, Some(found.recorded_at));
            }
        }
    }
}

/// For which months an organisation's figures leave some places and join others.
fn moves(
    directory: &Directory,
    organisation: &Organisation,
    (first, last): (Month, Month),
    fixed: (NaiveDate, Follow),
    places: &HashSet<OrganisationId>,
) -> Vec<((Month, Month), Change)> {
    let asked = |on| -> BTreeSet<OrganisationId> {
        let (month, on) = on;
        places_on(directory, organisation, month, on)
            .filter(|place| places.contains(place))
            .collect()
    };
    let is = asked((first, Some(fixed)));
    let mut moves = Vec::new();
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
            let left = was.difference(&is).copied().collect();
            let joined = is.difference(&was).copied().collect();
            moves.push(((*begin, end), (left, joined)));
        }
    }
    moves
}
