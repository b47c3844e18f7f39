//! The latest figure of each metric for many organisations at once: the newest month of
//! which they have said anything.

use std::{collections::HashMap, sync::Arc};

use entity::observation::Status;

use super::{
    boundaries::{Boundaries, Follow},
    cells::Cell,
    controlled::Control,
    figure::{Figure, ValueState},
    kept::{Key, Latest},
    periods::{Period, PeriodKind, Periods},
    selector::Selector,
    series::{self, Question},
};
use crate::{
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        metrics::catalogue::{Definition, Lines},
        observations::{Sums, newest},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// How far back a figure that is worked out is looked for.
const LOOK_BACK: i32 = 13;

/// The latest figure of one metric of an organisation.
#[derive(Debug, Clone)]
pub struct LatestFigure {
    pub definition: Arc<Definition>,
    pub period: Option<Period>,
    pub figure: Figure,
}

/// The latest figures of each organisation, in the order of the metrics: from memory, as
/// long as nothing was written that they could depend on.
pub async fn latest(
    viewer: &Viewer,
    organisations: &[OrganisationId],
    metrics: &[String],
) -> Result<Latest, Failure> {
    let lines = series::metrics(viewer, metrics)?;
    let mut found: Vec<Arc<Organisation>> =
        organisations.iter().filter_map(|id| viewer.organisation(*id)).collect();
    // Whoever gathers them does so in no order, and the same page must be known again.
    found.sort_unstable_by_key(|each| each.id());
    let question = last_months(viewer)?;
    let key = Key::of(viewer, &question, &lines, &found);
    if let Some(known) = key.as_ref().and_then(|key| key.known_latest(viewer)) {
        return Ok(known);
    }
    let latest = Arc::new(read(viewer, &question, &lines, &found).await?);
    if let Some(key) = key {
        key.keep_latest(viewer, &latest);
    }
    Ok(latest)
}

async fn read(
    viewer: &Viewer,
    question: &Question,
    lines: &[Lines],
    found: &[Arc<Organisation>],
) -> Result<HashMap<OrganisationId, Vec<LatestFigure>>, Failure> {
    let control = Control::new(viewer, lines, found).await?;
    let observed = observed(viewer, found, lines, &control).await?;
    let derived: Vec<Lines> =
        lines.iter().filter(|lines| !is_direct(lines, found)).cloned().collect();
    let worked_out = worked_out(viewer, question, found, &derived).await?;
    let mut latest = HashMap::new();
    for organisation in found {
        let of = lines.iter().map(|lines| {
            let key = (organisation.id(), lines.newest.row.id);
            let known = observed.get(&key).or_else(|| worked_out.get(&key)).cloned();
            known.unwrap_or_else(|| {
                let state = ValueState::NotSubmitted;
                let period = PeriodKind::Month.around(Month::of(viewer.today()));
                let nothing = Figure::without(state);
                LatestFigure {
                    definition: lines.newest.clone(),
                    period: None,
                    figure: control.shown(lines, organisation, period, nothing),
                }
            })
        });
        latest.insert(organisation.id(), of.collect());
    }
    Ok(latest)
}

/// Whether a metric is observed of these organisations themselves.
fn is_direct(lines: &Lines, organisations: &[Arc<Organisation>]) -> bool {
    let level = lines.newest.row.subject_level;
    lines.newest.derivation.is_none() && organisations.iter().all(|each| each.kind() == level)
}

type Found = HashMap<(OrganisationId, i64), LatestFigure>;

/// What was observed of the organisations themselves, in one statement.
async fn observed(
    viewer: &Viewer,
    organisations: &[Arc<Organisation>],
    metrics: &[Lines],
    control: &Control,
) -> Result<Found, Failure> {
    let direct: Vec<Lines> =
        metrics.iter().filter(|lines| is_direct(lines, organisations)).cloned().collect();
    let mut found = Found::new();
    if direct.is_empty() || organisations.is_empty() {
        return Ok(found);
    }
    let ids: Vec<OrganisationId> = organisations.iter().map(|each| each.id()).collect();
    let series: Vec<i64> =
        direct.iter().flat_map(|lines| lines.series.iter().map(|s| s.1)).collect();
    let rows = newest(viewer, &ids, &series).await?;
    for lines in &direct {
        for organisation in organisations {
            let of = lines.series.iter().filter_map(|(_, id)| rows.get(&(organisation.id(), *id)));
            let Some(row) = of.max_by_key(|row| row.month) else { continue };
            let Some(month) = Month::read(row.month) else { continue };
            let mut cell = Cell::default();
            cell.add(&Sums::of(row), row.status, Some(row.recorded_at));
            let period = PeriodKind::Month.around(month);
            let figure = Figure::of(&lines.newest, &cell, 1);
            let figure = control.shown(lines, organisation, period, figure);
            let is_hidden = figure.state == ValueState::Suppressed;
            let latest = LatestFigure {
                definition: lines.newest.clone(),
                period: Some(period).filter(|_| !is_hidden),
                figure: figure.with_decimals(&lines.newest),
            };
            found.insert((organisation.id(), lines.newest.row.id), latest);
        }
    }
    Ok(found)
}

/// What is asked where a figure is worked out.
fn last_months(viewer: &Viewer) -> Result<Question, Failure> {
    Ok(Question {
        metrics: Vec::new(),
        of: Selector::England,
        periods: Periods::last(PeriodKind::Month, LOOK_BACK, Month::of(viewer.today()))?,
        boundaries: Boundaries::Current,
        follow: Follow::None,
        least: Status::Provisional,
        known_at: None,
    })
}

/// Figures that are worked out, or added up, over the last months.
async fn worked_out(
    viewer: &Viewer,
    question: &Question,
    organisations: &[Arc<Organisation>],
    metrics: &[Lines],
) -> Result<Found, Failure> {
    let mut found = Found::new();
    if metrics.is_empty() {
        return Ok(found);
    }
    for series in series::of(viewer, question, metrics, organisations).await? {
        let said = |point: &&series::Point| {
            !matches!(point.figure.state, ValueState::NotSubmitted | ValueState::NotApplicable)
        };
        let Some(point) = series.points.iter().rev().find(said) else { continue };
        let is_hidden = point.figure.state == ValueState::Suppressed;
        let latest = LatestFigure {
            definition: series.metric.clone(),
            period: Some(point.period).filter(|_| !is_hidden),
            figure: point.figure,
        };
        found.insert((series.organisation.id(), series.metric.row.id), latest);
    }
    Ok(found)
}
