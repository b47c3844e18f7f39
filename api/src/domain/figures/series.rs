//! Series: a metric of an organisation, period after period.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::observation::Status;

use super::{
    boundaries::{Boundaries, Follow},
    controlled,
    derive::Workings,
    figure::Figure,
    periods::{Period, Periods},
    selector::{Selector, select},
};
use crate::{
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        metrics::catalogue::{Definition, Lines},
        viewer::Viewer,
    },
    ids::Month,
};

/// As many metrics as one question may ask for, and as many figures.
const METRICS: usize = 50;
const FIGURES: usize = 100_000;

/// What somebody wants to see.
#[derive(Debug, Clone)]
pub struct Question {
    /// Codes, or `code@version`.
    pub metrics: Vec<String>,
    pub of: Selector,
    pub periods: Periods,
    pub boundaries: Boundaries,
    pub follow: Follow,
    pub least: Status,
    pub known_at: Option<DateTime<Utc>>,
}

/// One metric of one organisation.
#[derive(Debug, Clone)]
pub struct Series {
    pub metric: Arc<Definition>,
    pub lines: Lines,
    pub organisation: Arc<Organisation>,
    /// Those that were used, which for figures under disclosure control are always those
    /// of each period.
    pub boundaries: Boundaries,
    pub points: Vec<Point>,
    pub breaks: Vec<SeriesBreak>,
    /// When the newest observation in it was recorded.
    pub freshness: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub period: Period,
    pub figure: Figure,
}

/// From here on figures are not comparable with those before.
#[derive(Debug, Clone)]
pub struct SeriesBreak {
    pub period: Period,
    pub definition: Arc<Definition>,
}

/// Every metric of every organisation asked about, metric by metric: in a number of
/// statements that does not grow with their number.
pub async fn series(viewer: &Viewer, question: &Question) -> Result<Vec<Series>, Failure> {
    let metrics = metrics(viewer, &question.metrics)?;
    let organisations = organisations(viewer, question)?;
    let figures = metrics.len() * organisations.len() * question.periods.len();
    if figures > FIGURES {
        let sentence = format!("that is {figures} figures: ask for at most {FIGURES} at once");
        return Err(Failure::BadRequest(sentence));
    }
    of(viewer, question, &metrics, &organisations).await
}

/// Whom a question is about, as they were on the day of its boundaries.
pub(super) fn organisations(
    viewer: &Viewer,
    question: &Question,
) -> Result<Vec<Arc<Organisation>>, Failure> {
    let day = match question.boundaries {
        Boundaries::AsAt(day) => day,
        Boundaries::AtPeriod | Boundaries::Current => viewer.today(),
    };
    select(viewer, &question.of, day)
}

/// What codes mean; one that means nothing is the caller's mistake.
pub(super) fn metrics(viewer: &Viewer, names: &[String]) -> Result<Vec<Lines>, Failure> {
    if names.is_empty() || names.len() > METRICS {
        return Err(Failure::BadRequest(format!("ask for 1 to {METRICS} metrics")));
    }
    let catalogue = viewer.catalogue();
    let find = |name: &String| {
        catalogue
            .lines(name)
            .ok_or_else(|| Failure::BadRequest(format!("there is no metric {name:?}: see metrics")))
    };
    names.iter().map(find).collect()
}

/// As [`series`], for metrics and organisations that were found.
pub(super) async fn of(
    viewer: &Viewer,
    question: &Question,
    metrics: &[Lines],
    organisations: &[Arc<Organisation>],
) -> Result<Vec<Series>, Failure> {
    let workings = Workings::gather(viewer, question, metrics, organisations).await?;
    let hidden = controlled::Control::new(viewer, metrics, organisations).await?;
    let mut series = Vec::with_capacity(metrics.len() * organisations.len());
    for lines in metrics {
        for organisation in organisations {
            let made = one(viewer, question, lines, organisation, &workings, &hidden);
            series.push(made);
        }
    }
    Ok(series)
}

fn one(
    viewer: &Viewer,
    question: &Question,
    lines: &Lines,
    organisation: &Arc<Organisation>,
    workings: &Workings,
    hidden: &controlled::Control,
) -> Series {
    let mut freshness = None;
    let point = |period: Period| {
        let (figure, recorded_at) = workings.figure(lines, organisation, period);
        freshness = freshness.max(recorded_at);
        let figure = hidden.shown(lines, organisation, period, figure);
        let figure = figure.with_decimals(&lines.newest);
        Point { period, figure }
    };
    let points: Vec<Point> = question.periods.iter().map(point).collect();
    let is_hidden = hidden.controls(lines, organisation);
    Series {
        metric: lines.newest.clone(),
        lines: lines.clone(),
        organisation: organisation.clone(),
        boundaries: if is_hidden { Boundaries::AtPeriod } else { question.boundaries },
        breaks: breaks(viewer, lines, question.periods),
        points,
        freshness,
    }
}

fn breaks(viewer: &Viewer, lines: &Lines, periods: Periods) -> Vec<SeriesBreak> {
    let catalogue = viewer.catalogue();
    let within = |month: &Month| (periods.first_month()..=periods.last_month()).contains(month);
    let later = lines.series.iter().skip(1).filter(|(from, _)| within(from));
    let broken = later.filter_map(|(from, series)| {
        let definition = catalogue.find(*series)?.clone();
        Some(SeriesBreak { period: periods.kind.around(*from), definition })
    });
    broken.collect()
}
