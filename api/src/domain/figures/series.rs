//! Series: a metric of an organisation, period after period.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::observation::Status;

use super::{
    boundaries::{Boundaries, Follow},
    controlled,
    derive::Workings,
    figure::Figure,
    kept::Key,
    periods::{Period, Periods},
    selector::{Selector, select},
};
use crate::{
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        metrics::catalogue::{Catalogue, Definition, Lines},
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

/// What a question is asked on, besides what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    pub boundaries: Boundaries,
    pub follow: Follow,
    pub least: Status,
    pub known_at: Option<DateTime<Utc>>,
}

impl Question {
    pub fn terms(&self) -> Terms {
        let Self { boundaries, follow, least, known_at, .. } = *self;
        Terms { boundaries, follow, least, known_at }
    }
}

impl Terms {
    /// The question about metrics and organisations that were found already.
    pub(super) fn over(self, periods: Periods) -> Question {
        let Self { boundaries, follow, least, known_at } = self;
        let (metrics, of) = (Vec::new(), Selector::England);
        Question { metrics, of, periods, boundaries, follow, least, known_at }
    }
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
    few_enough(metrics.len() * organisations.len() * question.periods.len())?;
    of(viewer, question, &metrics, &organisations).await
}

/// Refuses more figures than one question may ask for.
pub(super) fn few_enough(figures: usize) -> Result<(), Failure> {
    if figures > FIGURES {
        let sentence = format!("that is {figures} figures: ask for at most {FIGURES} at once");
        return Err(Failure::BadRequest(sentence));
    }
    Ok(())
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
    let Some(key) = Key::of(viewer, question, metrics, organisations) else {
        return work_out(viewer, question, metrics, organisations).await;
    };
    if let Some(known) = key.known(viewer) {
        return Ok(known);
    }
    let made = work_out(viewer, question, metrics, organisations).await?;
    key.keep(viewer, &made);
    Ok(made)
}

/// As [`of`], keeping nothing: for files, which would push out what is asked often.
pub(super) async fn work_out(
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
    let within = |month: &Month| (periods.first_month()..=periods.last_month()).contains(month);
    let later = turns(&viewer.catalogue(), lines).into_iter().filter(|(from, _)| within(from));
    let broken = later.map(|(from, definition)| {
        let period = periods.kind.around(from);
        SeriesBreak { period, definition }
    });
    broken.collect()
}

/// From which months on figures are not comparable with those before, and by which
/// definition: the metric's own, or that of one which it is worked out from.
pub(super) fn turns(catalogue: &Catalogue, lines: &Lines) -> Vec<(Month, Arc<Definition>)> {
    let derivation = lines.newest.derivation.iter();
    let rests_on = derivation.flat_map(|derivation| derivation.rests_on());
    let others = rests_on.filter_map(|code| catalogue.lines(code));
    let all = std::iter::once(lines.clone()).chain(others);
    let later = all.flat_map(|lines| lines.series.into_iter().skip(1));
    let mut turns: Vec<_> =
        later.filter_map(|(from, series)| Some((from, catalogue.find(series)?.clone()))).collect();
    turns.sort_by_key(|(from, _)| *from);
    turns
}
