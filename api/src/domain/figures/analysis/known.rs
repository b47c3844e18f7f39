//! The values of a series that an analysis may rest on.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{RefusalCode, Refused};
use crate::{
    domain::{
        figures::{
            Figure, Point, Series, ValueState,
            periods::{Period, PeriodKind},
            series::turns,
        },
        metrics::catalogue::{Definition, Lines},
        viewer::Viewer,
    },
    ids::Month,
};

/// The value that a figure shows. A ratio of nothing by nothing has none, though nothing
/// is missing.
pub(super) fn number(figure: &Figure) -> Option<f64> {
    match figure.state {
        ValueState::Value | ValueState::Nil => figure.value.map(|value| value.number()),
        ValueState::NotSubmitted | ValueState::NotApplicable | ValueState::Suppressed => None,
    }
}

/// The points of periods that are whole: a quarter or a year that is not over yet holds
/// less than those before it. A month is what was said of it.
pub(super) fn whole(series: &Series, today: NaiveDate) -> Result<&[Point], Refused> {
    let is_whole = |point: &Point| {
        point.period.kind == PeriodKind::Month || point.period.last() < Month::of(today)
    };
    let points = &series.points[..series.points.partition_point(is_whole)];
    let is_hidden = |point: &&Point| point.figure.state == ValueState::Suppressed;
    match points.iter().find(is_hidden) {
        None => Ok(points),
        Some(point) => {
            let sentence =
                format!("the figure of {} is hidden, so that nobody is known by it", point.period);
            let hint = "ask for a larger area, whose figures are not hidden";
            Err(Refused::new(RefusalCode::Hidden, sentence).with_hint(hint))
        }
    }
}

/// The values from the first to the last known one, without a gap.
pub(super) fn run(series: &Series, today: NaiveDate) -> Result<Vec<(Period, f64)>, Refused> {
    let points = whole(series, today)?;
    let known = |point: &Point| number(&point.figure).is_some();
    let (Some(first), Some(last)) = (points.iter().position(known), points.iter().rposition(known))
    else {
        let sentence = "no figure is known in these periods";
        return Err(Refused::new(RefusalCode::NoValues, sentence));
    };
    let value = |point: &Point| {
        let value = number(&point.figure).ok_or_else(|| {
            let sentence = format!("there is no value of {}, with values around it", point.period);
            let hint = "have it reported, or ask for the periods on one side of it";
            Refused::new(RefusalCode::Gaps, sentence).with_hint(hint)
        })?;
        Ok((point.period, value))
    };
    points[first..=last].iter().map(value).collect()
}

/// Refuses months between which the definition changed so that figures are not comparable.
pub(super) fn unbroken(
    viewer: &Viewer,
    lines: &Lines,
    (first, last): (Month, Month),
) -> Result<(), Refused> {
    let turns = turns(&viewer.catalogue(), lines);
    let within = |(from, _): &&(Month, Arc<Definition>)| first < *from && *from <= last;
    let Some((from, definition)) = turns.iter().find(within) else { return Ok(()) };
    let (code, major) = (&definition.row.code, definition.row.major);
    let sentence =
        format!("from {from} on, figures of {code} are not comparable with earlier ones");
    let hint = format!("ask for the months on one side of it; {code}@{major} is the later series");
    Err(Refused::new(RefusalCode::BrokenSeries, sentence).with_hint(hint))
}
