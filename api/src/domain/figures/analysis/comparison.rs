//! Peers side by side: who stands where, and who is out of line.
//!
//! A peer whose figure is hidden is left out of everything, and counted. The funnel stands
//! around the peers that are shown, never around the whole of which they are a part, so
//! that nobody's figure follows from the others'.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{metric_version::Aggregation, organisation::Kind};

use super::{RefusalCode, Refused, direction, known};
use crate::{
    analytics::{
        funnel::{self, Counts, FunnelRefused, Limits, Place},
        peers::Peers,
    },
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        error::Failure,
        figures::{
            Figure, Terms, ValueState,
            boundaries::Boundaries,
            periods::{Period, Periods},
            selector::{Selector, select},
            series,
        },
        metrics::{catalogue::Definition, units_of_one},
        organisations::OrganisationBy,
        viewer::Viewer,
    },
};

/// Who is compared by what.
#[derive(Debug, Clone)]
pub struct ComparisonOf {
    /// A code, or `code@version`.
    pub metric: String,
    pub kind: Kind,
    pub within: Option<OrganisationBy>,
    pub period: Period,
    pub terms: Terms,
}

/// Peers side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub metric: Arc<Definition>,
    pub period: Period,
    /// Everybody whose figure is not hidden, in the order of names.
    pub peers: Vec<Peer>,
    pub hidden: usize,
    /// The smallest value, the quartiles with the median between them, and the largest.
    pub quantiles: Option<[f64; 5]>,
    pub funnel: Result<Funnel, Refused>,
}

#[derive(Debug, Clone)]
pub struct Peer {
    pub organisation: Arc<Organisation>,
    pub figure: Figure,
    pub boundaries: Boundaries,
    pub standing: Option<Standing>,
}

/// Where a value stands among those of the others.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub rank: usize,
    pub percentile: f64,
}

/// A funnel plot, in the unit of the metric.
#[derive(Debug, Clone)]
pub struct Funnel {
    pub target: f64,
    pub points: Vec<FunnelPoint>,
}

#[derive(Debug, Clone)]
pub struct FunnelPoint {
    pub organisation: Arc<Organisation>,
    pub denominator: u64,
    pub value: f64,
    pub limits: Limits,
    pub place: Place,
}

/// Compares the organisations of a kind that are open: on the day of the boundaries or,
/// on those of the period, at its end.
pub async fn compare(viewer: &Viewer, of: ComparisonOf) -> Result<Comparison, Failure> {
    let metrics = series::metrics(viewer, std::slice::from_ref(&of.metric))?;
    let selector = Selector::Every { kind: of.kind, within: of.within };
    let organisations = select(viewer, &selector, day(viewer, of.terms.boundaries, of.period))?;
    let Period { kind, first } = of.period;
    let question = of.terms.over(Periods::new(kind, first, first)?);
    let found = series::of(viewer, &question, &metrics, &organisations).await?;
    let peers = found.into_iter().filter_map(|series| {
        let figure = series.points.first()?.figure;
        let (organisation, boundaries) = (series.organisation, series.boundaries);
        Some(Peer { organisation, figure, boundaries, standing: None })
    });
    let is_shown = |peer: &Peer| peer.figure.state != ValueState::Suppressed;
    let (mut peers, hidden): (Vec<Peer>, Vec<Peer>) = peers.partition(is_shown);
    let metric = metrics[0].newest.clone();
    let values = peers.iter().filter_map(|peer| known::number(&peer.figure)).collect();
    let group = Peers::new(values);
    if let Some(group) = &group {
        for peer in &mut peers {
            let standing = |value| Standing {
                rank: group.rank(value, direction(metric.row.direction)),
                percentile: group.percentile(value),
            };
            peer.standing = known::number(&peer.figure).map(standing);
        }
    }
    let funnel = funnel(&metric, &peers);
    Ok(Comparison {
        period: of.period,
        hidden: hidden.len(),
        quantiles: group.map(|group| group.five_numbers()),
        funnel,
        peers,
        metric,
    })
}

fn day(viewer: &Viewer, boundaries: Boundaries, period: Period) -> NaiveDate {
    match boundaries {
        Boundaries::AsAt(day) => day,
        Boundaries::Current => viewer.today(),
        Boundaries::AtPeriod => period.last().last_day().min(viewer.today()),
    }
}

fn funnel(metric: &Definition, peers: &[Peer]) -> Result<Funnel, Refused> {
    if metric.row.aggregation != Aggregation::RatioOfSums {
        let sentence = format!("{} divides nothing by anything", metric.row.code);
        let hint = "compare a ratio, such as adoption.rate";
        return Err(Refused::new(RefusalCode::NotARatio, sentence).with_hint(hint));
    }
    let mut counted: Vec<(&Peer, Counts)> = Vec::new();
    for peer in peers {
        let parts = peer.figure.numerator.zip(peer.figure.denominator);
        let Some((above, below)) = parts.filter(|_| peer.standing.is_some()) else { continue };
        let counts = count(above).zip(count(below)).ok_or_else(|| {
            let sentence = format!("{} is no share of things that are counted", metric.row.code);
            Refused::new(RefusalCode::NotAProportion, sentence)
        })?;
        counted.push((peer, Counts { numerator: counts.0, denominator: counts.1 }));
    }
    let counts: Vec<Counts> = counted.iter().map(|(_, counts)| *counts).collect();
    let drawn = funnel::funnel(&counts).map_err(refused)?;
    let units = units_of_one(metric) as f64;
    let point = |((peer, counts), point): ((&Peer, Counts), Option<funnel::Point>)| {
        let funnel::Point { share, limits, place } = point?;
        let (organisation, denominator) = (peer.organisation.clone(), counts.denominator);
        let limits = Limits {
            lower_998: limits.lower_998 * units,
            lower_95: limits.lower_95 * units,
            upper_95: limits.upper_95 * units,
            upper_998: limits.upper_998 * units,
        };
        Some(FunnelPoint { organisation, denominator, value: share * units, limits, place })
    };
    let points = counted.into_iter().zip(drawn.points).filter_map(point).collect();
    Ok(Funnel { target: drawn.target * units, points })
}

/// A number of things; none if it is no whole one.
fn count(amount: Amount) -> Option<u64> {
    u64::try_from(amount.0 / 1_000_000).ok().filter(|_| amount.is_whole() && amount.0 >= 0)
}

fn refused(refused: FunnelRefused) -> Refused {
    let code = match refused {
        FunnelRefused::NotAProportion { .. } => {
            let sentence = "one of them has more than it is a share of: it is no proportion";
            return Refused::new(RefusalCode::NotAProportion, sentence);
        }
        FunnelRefused::Nothing => RefusalCode::NoValues,
        FunnelRefused::TooLarge => RefusalCode::OutOfRange,
    };
    Refused::new(code, refused.to_string())
}
