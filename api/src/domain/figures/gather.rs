//! Gathering cells: from the sums that are kept, from single observations, or from all
//! observations of the time, in a number of statements that does not grow with what is
//! asked.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    observation::{self, State, Status},
    organisation::Kind,
    rollup::{self, Column},
};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{
    boundaries::{Follow, forebears, places_on},
    cells::Grid,
    moves,
};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        metrics::{catalogue::Definition, england},
        observations::{self, Latest, SumRow, Sums, adds_up, latest_of, observable},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// What is to be gathered.
pub(super) struct Wanted<'a> {
    /// One definition for each series.
    pub series: Vec<Arc<Definition>>,
    pub organisations: &'a [Arc<Organisation>],
    pub months: (Month, Month),
    /// One day's boundaries, or those of each month itself.
    pub on: Option<NaiveDate>,
    pub follow: Follow,
    pub least: Status,
    pub known_at: Option<DateTime<Utc>>,
}

impl Wanted<'_> {
    fn grid(&self) -> Grid {
        Grid::new(self.months.0, self.months.1)
    }

    fn ids(&self, chosen: impl Fn(&Definition) -> bool) -> Vec<i64> {
        let chosen = self.series.iter().filter(|definition| chosen(definition));
        chosen.map(|definition| definition.row.series_id).collect()
    }

    pub(super) fn definition(&self, series: i64) -> Option<&Arc<Definition>> {
        self.series.iter().find(|definition| definition.row.series_id == series)
    }

    /// Where figures of a month count, for a fixed day.
    pub(super) fn fixed(&self) -> Option<(NaiveDate, Follow)> {
        self.on.map(|day| (day, self.follow))
    }
}

/// Gathers the cells of every series and organisation.
pub(super) async fn gather(viewer: &Viewer, wanted: &Wanted<'_>) -> Result<Grid, DbErr> {
    let directory = viewer.directory();
    let mut within = wanted.grid();
    let mut own = wanted.grid();
    direct(viewer, &directory, wanted, &mut within).await?;
    if wanted.known_at.is_some() {
        let all = wanted.ids(|_| true);
        from_observations(viewer, &directory, wanted, &all, &mut within, &mut own).await?;
    } else {
        kept(viewer, wanted, &mut within, &mut own).await?;
        if let Some(fixed) = wanted.fixed() {
            moves::correct(viewer, &directory, wanted, fixed, &mut within).await?;
        }
    }
    within.fill_from(&own);
    Ok(within)
}

/// Observations of the organisations at the very level that a metric is defined for, and
/// of those that they took over from.
async fn direct(
    viewer: &Viewer,
    directory: &Directory,
    wanted: &Wanted<'_>,
    grid: &mut Grid,
) -> Result<(), DbErr> {
    let levels: HashSet<Kind> = wanted.series.iter().map(|each| each.row.subject_level).collect();
    let day = wanted.on.unwrap_or_else(|| viewer.today());
    let mut asked: Vec<(OrganisationId, OrganisationId)> = Vec::new();
    for organisation in wanted.organisations.iter().filter(|o| levels.contains(&o.kind())) {
        asked.push((organisation.id(), organisation.id()));
        if wanted.follow == Follow::Successor {
            let before = forebears(directory, organisation, day);
            asked.extend(before.into_iter().map(|before| (before, organisation.id())));
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let series = wanted.ids(|_| true);
    let whose: std::collections::HashMap<_, _> = asked.iter().copied().collect();
    let ids: Vec<OrganisationId> = whose.keys().copied().collect();
    for ids in ids.chunks(crate::domain::turn::VALUES / 2) {
        let latest = Latest {
            series: Some(&series),
            organisations: Some(ids),
            months: Some(wanted.months),
            known_at: wanted.known_at,
        };
        for row in observations::read(&viewer.store().reader, &latest).await? {
            let Some(whose) = whose.get(&row.organisation_id) else { continue };
            add(grid, wanted, &row, *whose);
        }
    }
    Ok(())
}

/// Adds an observation to the cell of an organisation.
pub(super) fn add(
    grid: &mut Grid,
    wanted: &Wanted<'_>,
    row: &observation::Model,
    organisation: OrganisationId,
) {
    if row.status < wanted.least || row.state == State::Withdrawn {
        return;
    }
    let cell = Month::read(row.month).and_then(|month| grid.at(row.series_id, organisation, month));
    if let Some(cell) = cell {
        cell.add(&Sums::of(row), row.status, Some(row.recorded_at));
    }
}

/// The sums that are kept for places.
async fn kept(
    viewer: &Viewer,
    wanted: &Wanted<'_>,
    within: &mut Grid,
    own: &mut Grid,
) -> Result<(), DbErr> {
    let above = |organisation: &Organisation| {
        wanted.series.iter().any(|definition| is_above(definition, organisation.kind()))
    };
    let places: Vec<OrganisationId> =
        wanted.organisations.iter().filter(|o| above(o)).map(|o| o.id()).collect();
    if places.is_empty() {
        return Ok(());
    }
    let mut query = rollup::Entity::find()
        .filter(Column::SeriesId.is_in(wanted.ids(|_| true)))
        .filter(Column::PlaceId.is_in(places))
        .filter(Column::Month.between(wanted.months.0.stored(), wanted.months.1.stored()));
    if wanted.least != Status::Provisional {
        let settled = [Status::Approved, Status::Restated].into_iter();
        query = query.filter(Column::Status.is_in(settled.filter(|each| *each >= wanted.least)));
    }
    for SumRow(row) in query.into_model::<SumRow>().all(&viewer.store().reader).await? {
        let Some(month) = Month::read(row.month) else { continue };
        let grid = if row.basis == rollup::Basis::Own { &mut *own } else { &mut *within };
        if let Some(cell) = grid.at(row.series_id, row.place_id, month) {
            cell.add(&Sums::from(&row), row.status, Some(row.recorded_at));
        }
    }
    Ok(())
}

/// Whether an organisation of that kind holds those that a metric is defined for.
pub(super) fn is_above(definition: &Definition, kind: Kind) -> bool {
    kind != definition.row.subject_level && observable(definition, kind)
}

/// Makes the cells of places from every observation of the time, whatever is kept: for
/// what was known at an earlier moment, and for distinct counts on other boundaries.
pub(super) async fn from_observations(
    viewer: &Viewer,
    directory: &Directory,
    wanted: &Wanted<'_>,
    series: &[i64],
    within: &mut Grid,
    own: &mut Grid,
) -> Result<(), DbErr> {
    let places: HashSet<OrganisationId> = wanted.organisations.iter().map(|o| o.id()).collect();
    let england = england(directory).filter(|england| places.contains(england));
    let latest = Latest {
        series: Some(series),
        organisations: None,
        months: Some(wanted.months),
        known_at: wanted.known_at,
    };
    let connection = &viewer.store().reader;
    let mut counted: std::collections::HashMap<(i64, Month), Vec<observation::Model>> =
        std::collections::HashMap::new();
    let mut rows = latest_of(&latest).stream(connection).await?;
    while let Some(row) = rows.try_next().await? {
        let Some(definition) = wanted.definition(row.series_id) else { continue };
        let Some(organisation) = directory.find(row.organisation_id) else { continue };
        let Some(month) = Month::read(row.month) else { continue };
        if row.status < wanted.least {
            continue;
        }
        if organisation.kind() != definition.row.subject_level {
            if places.contains(&row.organisation_id) {
                add(own, wanted, &row, row.organisation_id);
            }
        } else if adds_up(definition) {
            let on = places_on(directory, organisation, month, wanted.fixed());
            for place in on.filter(|place| places.contains(place)).chain(england) {
                add(within, wanted, &row, place);
            }
        } else {
            counted.entry((row.series_id, month)).or_default().push(row);
        }
    }
    drop(rows);
    for ((series, month), observed) in counted {
        let persons =
            observations::persons_of(connection, observed.iter().map(|row| row.id)).await?;
        let above = |id: OrganisationId| -> Vec<OrganisationId> {
            let Some(organisation) = directory.find(id) else { return Vec::new() };
            let on = places_on(directory, organisation, month, wanted.fixed());
            on.filter(|place| places.contains(place)).chain(england).collect()
        };
        let at = observed.iter().map(|row| row.recorded_at).max();
        for (key, sums) in observations::distinct(&observed, &persons, (series, month), above) {
            if let Some(cell) = within.at(series, key.place, month) {
                cell.add(&sums, key.status, at);
            }
        }
    }
    Ok(())
}
