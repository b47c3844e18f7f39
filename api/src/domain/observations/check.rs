//! Making every sum again from the observations, and comparing: what is kept must equal
//! what comes of it.

use std::collections::{HashMap, HashSet};

use entity::{
    observation,
    rollup::{self, Column},
};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{
    latest::{Latest, latest_of},
    persons,
    places::places,
    rollups::{Changes, Key, Sums, adds_up},
};
use crate::{
    domain::{error::Failure, metrics::england, viewer::Viewer},
    ids::Month,
};

/// A sum that is not what comes of the observations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub series: i64,
    pub place: i64,
    pub month: Month,
    pub status: observation::Status,
    /// Whether it is of the place itself, not of what is within it.
    pub own: bool,
    /// What is kept, and what it should be, in words.
    pub kept: String,
    pub made: String,
}

/// What a check came to.
#[derive(Debug, Default)]
pub struct Checked {
    pub observations: u64,
    pub sums: usize,
    pub differences: Vec<Difference>,
}

/// Makes every sum again, series by series, and compares it with what is kept.
pub async fn rollups(viewer: &Viewer) -> Result<Checked, Failure> {
    let mut checked = Checked::default();
    let mut series: Vec<i64> =
        viewer.catalogue().all().map(|definition| definition.row.series_id).collect();
    series.sort_unstable();
    series.dedup();
    for series in series {
        one(viewer, series, &mut checked).await?;
    }
    Ok(checked)
}

async fn one(viewer: &Viewer, series: i64, checked: &mut Checked) -> Result<(), DbErr> {
    let made = made(viewer, series, checked).await?;
    let connection = &viewer.store().reader;
    let rows = rollup::Entity::find().filter(Column::SeriesId.eq(series)).all(connection).await?;
    let kept: HashMap<Key, Sums> =
        rows.iter().filter_map(|row| Some((Key::of(row)?, Sums::from(row)))).collect();
    checked.sums += kept.len();
    let keys: HashSet<&Key> = made.keys().chain(kept.keys()).collect();
    for key in keys {
        let sums = |of: &HashMap<Key, Sums>| of.get(key).copied().unwrap_or_default();
        let (kept, made) = (sums(&kept), sums(&made));
        if kept != made {
            checked.differences.push(Difference {
                series: key.series,
                place: key.place,
                month: key.month,
                status: key.status,
                own: key.own,
                kept: format!("{kept:?}"),
                made: format!("{made:?}"),
            });
        }
    }
    Ok(())
}

/// What comes of the observations of a series.
async fn made(
    viewer: &Viewer,
    series: i64,
    checked: &mut Checked,
) -> Result<HashMap<Key, Sums>, DbErr> {
    let (catalogue, directory) = (viewer.catalogue(), viewer.directory());
    let Some(definition) = catalogue.of_series(series) else { return Ok(HashMap::new()) };
    let connection = &viewer.store().reader;
    let england = england(&directory);
    let mut changes = Changes::default();
    let mut counted: HashMap<Month, Vec<observation::Model>> = HashMap::new();
    let of_series = [series];
    let wanted = Latest { series: Some(&of_series), ..Latest::default() };
    let mut rows = latest_of(&wanted).stream(connection).await?;
    while let Some(row) = rows.try_next().await? {
        checked.observations += 1;
        let Some(month) = Month::read(row.month) else { continue };
        let Some(organisation) = directory.find(row.organisation_id) else { continue };
        let is_below = organisation.kind() == definition.row.subject_level;
        if is_below && !adds_up(definition) {
            counted.entry(month).or_default().push(row);
        } else {
            let place = (month, row.status);
            changes.add(definition, organisation, place, england, &Sums::of(&row));
        }
    }
    drop(rows);
    let mut made = changes.0;
    for (month, observed) in counted {
        let persons = persons::of(connection, observed.iter().map(|row| row.id)).await?;
        let above = |id| {
            let found = directory.find(id);
            found.map(|found| places(found, month, england).collect()).unwrap_or_default()
        };
        made.extend(persons::distinct(&observed, &persons, (series, month), above));
    }
    Ok(made)
}
