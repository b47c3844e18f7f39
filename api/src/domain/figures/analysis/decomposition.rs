//! How much of a rate's change is real, and how much is that the map was redrawn.

use std::sync::Arc;

use entity::{metric_version::Aggregation, observation::Status};

use super::{RefusalCode, Refused, known};
use crate::{
    analytics::change::{self, RateChange, Ratio},
    domain::{
        directory::organisation::Organisation,
        error::Failure,
        figures::{
            Figure, Series, Terms, ValueState,
            boundaries::{Boundaries, Follow},
            periods::{Period, Periods},
            selector::{Selector, select},
            series::{self, few_enough},
        },
        metrics::{
            catalogue::{Definition, Lines},
            units_of_one,
        },
        viewer::Viewer,
    },
};

/// Whose change of what is split.
#[derive(Debug, Clone)]
pub struct DecompositionOf {
    /// A code, or `code@version`.
    pub metric: String,
    pub of: Selector,
    pub previous: Period,
    pub current: Period,
    pub follow: Follow,
}

/// The change of one organisation's rate.
#[derive(Debug, Clone)]
pub struct Decomposition {
    pub metric: Arc<Definition>,
    pub organisation: Arc<Organisation>,
    /// As it was then, on the boundaries of that period.
    pub previous: Figure,
    /// The previous period on the boundaries of the last day of the current one.
    pub recomputed: Figure,
    pub current: Figure,
    pub change: Result<RateChange, Refused>,
}

/// Splits the change of each organisation's rate from one period to another.
pub async fn decompose(
    viewer: &Viewer,
    of: DecompositionOf,
) -> Result<Vec<Decomposition>, Failure> {
    if of.previous.first >= of.current.first {
        let sentence = "the first period lies before the second: send an earlier from";
        return Err(Failure::BadRequest(sentence.to_owned()));
    }
    let metrics = series::metrics(viewer, std::slice::from_ref(&of.metric))?;
    let day = of.current.last().last_day();
    let organisations = select(viewer, &of.of, day.min(viewer.today()))?;
    few_enough(3 * organisations.len())?;
    let figures = async |period: Period, boundaries| {
        let (least, known_at) = (Status::Provisional, None);
        let terms = Terms { boundaries, follow: of.follow, least, known_at };
        let question = terms.over(Periods::new(period.kind, period.first, period.first)?);
        series::of(viewer, &question, &metrics, &organisations).await
    };
    let previous = figures(of.previous, Boundaries::AtPeriod).await?;
    let recomputed = figures(of.previous, Boundaries::AsAt(day)).await?;
    let current = figures(of.current, Boundaries::AtPeriod).await?;
    let months = (of.previous.first, of.current.last());
    let unbroken = known::unbroken(viewer, &metrics[0], months);
    let each = previous.into_iter().zip(recomputed).zip(current);
    let split = each.filter_map(|((previous, recomputed), current)| {
        let figures = [&previous, &recomputed, &current].map(only);
        let [Some(was), Some(would), Some(is)] = figures else { return None };
        let change =
            unbroken.clone().and_then(|()| split(&metrics[0], &recomputed, [was, would, is]));
        let (metric, organisation) = (current.metric, current.organisation);
        Some(Decomposition {
            metric,
            organisation,
            previous: was,
            recomputed: would,
            current: is,
            change,
        })
    });
    Ok(split.collect())
}

fn only(series: &Series) -> Option<Figure> {
    series.points.first().map(|point| point.figure)
}

fn split(lines: &Lines, recomputed: &Series, figures: [Figure; 3]) -> Result<RateChange, Refused> {
    let metric = &lines.newest;
    let divides =
        matches!(metric.row.aggregation, Aggregation::RatioOfSums | Aggregation::WeightedMean);
    if !divides {
        let sentence = format!("{} divides nothing by anything", metric.row.code);
        let hint = "split the change of a ratio, such as adoption.rate";
        return Err(Refused::new(RefusalCode::NotARatio, sentence).with_hint(hint));
    }
    // What is under disclosure control stands on the boundaries of its own period alone.
    let is_fixed = !matches!(recomputed.boundaries, Boundaries::AsAt(_));
    let is_hidden = |figure: &Figure| {
        figure.state == ValueState::Suppressed
            || (figure.value.is_some() && figure.numerator.is_none())
    };
    if is_fixed || figures.iter().any(is_hidden) {
        let sentence = "a figure that this is made of is hidden from you";
        let hint = "ask for organisations within your reach, or for England";
        return Err(Refused::new(RefusalCode::Hidden, sentence).with_hint(hint));
    }
    let units = units_of_one(metric) as f64;
    let ratio = |figure: Figure| {
        let (above, below) = figure.value.and(figure.numerator).zip(figure.denominator)?;
        Some(Ratio { numerator: above.number() * units, denominator: below.number() })
    };
    let rates = figures.map(ratio);
    let [Some(previous), Some(recomputed), Some(current)] = rates else {
        let sentence = "one of the three figures is not known";
        return Err(Refused::new(RefusalCode::NoValues, sentence));
    };
    change::decompose(previous, recomputed, current)
        .ok_or_else(|| Refused::new(RefusalCode::NoValues, "one of the three has no rate"))
}
