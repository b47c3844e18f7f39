//! Where the rows of a file come from, and what stands in their columns.

use std::{collections::HashMap, io, sync::Arc};

use async_trait::async_trait;
use chrono::SecondsFormat;
use entity::{observation, organisation_code::CodeScheme};

use super::{
    Broken,
    cells::Cells,
    source::{Group, Source},
    words,
};
use crate::{
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        figures::{self, Series},
        metrics, observations,
        viewer::Viewer,
    },
    ids::Month,
};

const SERIES: [&str; 17] = [
    "metric",
    "metric_version",
    "organisation_kind",
    "organisation_code",
    "organisation_name",
    "period",
    "from",
    "to",
    "state",
    "value",
    "numerator",
    "denominator",
    "reported",
    "expected",
    "status",
    "boundaries",
    "rounded",
];

const OBSERVATIONS: [&str; 17] = [
    "metric",
    "metric_version",
    "organisation_kind",
    "organisation_code",
    "organisation_name",
    "period",
    "from",
    "to",
    "revision",
    "state",
    "value",
    "numerator",
    "denominator",
    "status",
    "source",
    "recorded_at",
    "note",
];

/// Figures on their way out of the domain.
pub(super) struct Figures {
    pub viewer: Viewer,
    pub rows: Rows,
}

pub(super) enum Rows {
    Series(figures::walk::Walk),
    Observations(observations::walk::Walk),
}

/// As many as the domain gives at once.
struct Stretch {
    viewer: Viewer,
    found: Found,
}

enum Found {
    Series(Vec<Series>),
    Observations(Vec<observation::Model>),
}

#[async_trait]
impl Source for Figures {
    fn headings(&self) -> Arc<[String]> {
        let names = match self.rows {
            Rows::Series(_) => &SERIES,
            Rows::Observations(_) => &OBSERVATIONS,
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    async fn next(&mut self) -> Result<Option<Box<dyn Group>>, Broken> {
        self.viewer.stands()?;
        let found = match &mut self.rows {
            Rows::Series(walk) => Found::Series(walk.next().await?),
            Rows::Observations(walk) => Found::Observations(walk.next().await?),
        };
        let some = match &found {
            Found::Series(all) => !all.is_empty(),
            Found::Observations(all) => !all.is_empty(),
        };
        let viewer = self.viewer.clone();
        Ok(some.then(|| Box::new(Stretch { viewer, found }) as Box<dyn Group>))
    }
}

impl Group for Stretch {
    fn write(&self, cells: &mut dyn Cells) -> io::Result<()> {
        let viewer = &self.viewer;
        match &self.found {
            Found::Series(all) => all.iter().try_for_each(|one| write_series(viewer, one, cells)),
            Found::Observations(all) => {
                let mut versions = Versions::default();
                all.iter().try_for_each(|one| write_observation(viewer, &mut versions, one, cells))
            }
        }
    }
}

fn write_series(viewer: &Viewer, series: &Series, cells: &mut dyn Cells) -> io::Result<()> {
    let newest = &series.metric;
    let boundaries = words::boundaries(series.boundaries);
    let mut earlier: HashMap<i64, String> = HashMap::new();
    for point in &series.points {
        let (period, figure) = (point.period, &point.figure);
        let line = series.lines.at(period.last());
        let version = earlier.entry(line).or_insert_with(|| {
            let shown = Some(newest.clone()).filter(|newest| newest.row.series_id == line);
            let of_its_time = shown.or_else(|| metrics::by_id(viewer, line));
            of_its_time.map_or_else(String::new, |definition| definition.version())
        });
        cells.text(&newest.row.code)?;
        cells.text(version)?;
        write_organisation(viewer, &series.organisation, cells)?;
        cells.text(&period.to_string())?;
        write_days(period.first, period.last(), cells)?;
        cells.text(words::value_state(figure.state))?;
        cells.number_if_any(figure.value)?;
        cells.number_if_any(figure.numerator)?;
        cells.number_if_any(figure.denominator)?;
        cells.count(figure.reported)?;
        cells.count(figure.expected)?;
        cells.text_if_any(figure.status.map(words::status))?;
        cells.text(&boundaries)?;
        cells.flag(figure.rounded)?;
        cells.end_row()?;
    }
    Ok(())
}

/// The code and the number of versions that were looked up.
type Versions = HashMap<i64, Option<(String, String)>>;

fn write_observation(
    viewer: &Viewer,
    versions: &mut Versions,
    row: &observation::Model,
    cells: &mut dyn Cells,
) -> io::Result<()> {
    let version = versions.entry(row.version_id).or_insert_with(|| {
        let definition = metrics::by_id(viewer, row.version_id)?;
        Some((definition.row.code.clone(), definition.version()))
    });
    cells.text_if_any(version.as_ref().map(|(code, _)| code.as_str()))?;
    cells.text_if_any(version.as_ref().map(|(_, version)| version.as_str()))?;
    match viewer.organisation(row.organisation_id) {
        Some(organisation) => write_organisation(viewer, &organisation, cells)?,
        None => (0..3).try_for_each(|_| cells.nothing())?,
    }
    match Month::read(row.month) {
        Some(month) => {
            cells.text(&month.to_string())?;
            write_days(month, month, cells)?;
        }
        None => (0..3).try_for_each(|_| cells.nothing())?,
    }
    cells.count(row.revision.unsigned_abs())?;
    cells.text(words::state(row.state))?;
    cells.number_if_any(row.value.map(Amount))?;
    cells.number_if_any(row.numerator.map(Amount))?;
    cells.number_if_any(row.denominator.map(Amount))?;
    cells.text(words::status(row.status))?;
    cells.text(words::source(row.source))?;
    cells.text(&row.recorded_at.to_rfc3339_opts(SecondsFormat::AutoSi, true))?;
    cells.text_if_any(row.note.as_deref())?;
    cells.end_row()
}

/// Kind, code and name, as they are today.
fn write_organisation(
    viewer: &Viewer,
    organisation: &Arc<Organisation>,
    cells: &mut dyn Cells,
) -> io::Result<()> {
    let today = viewer.today();
    let code = [CodeScheme::Ods, CodeScheme::Slug, CodeScheme::Ons]
        .into_iter()
        .find_map(|scheme| organisation.last_code_at(scheme, today));
    cells.text(words::kind(organisation.kind()))?;
    cells.text_if_any(code)?;
    cells.text(organisation.name_at(today))
}

/// The first and the last day.
fn write_days(first: Month, last: Month, cells: &mut dyn Cells) -> io::Result<()> {
    cells.text(&first.first_day().to_string())?;
    cells.text(&last.last_day().to_string())
}
