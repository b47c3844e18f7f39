//! Peers side by side, as clients see them.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject, Union};
use chrono::{DateTime, Utc};
use entity::observation::Status;

use super::{answer_or_reason, refused::AnalysisRefused};
use crate::{
    analytics::funnel,
    domain::{
        figures::{Terms, analysis::comparison as domain, boundaries, periods::PeriodKind},
        metrics::catalogue::Definition,
    },
    graphql::{
        error::Result,
        metrics::{
            definition::MetricDefinition,
            enums::{Follow, ObservationStatus, PeriodType},
            input::{self, BoundariesInput, EveryInput},
            series::Boundaries,
            value::{MetricValue, Period},
        },
        organisations::{
            by::OrganisationBy,
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        scalars::Month,
    },
};

/// One period.
#[derive(InputObject, Clone, Copy)]
pub struct PeriodInput {
    /// How long it is.
    #[graphql(default_with = "PeriodType::Month")]
    r#type: PeriodType,
    /// A month within it.
    month: Month,
}

/// Who is compared by what.
#[derive(InputObject)]
pub struct ComparisonInput {
    /// A code, such as `adoption.rate`, or `adoption.rate@1`.
    metric: String,
    /// Every organisation of a kind, such as the sites of a training hub.
    every: EveryInput,
    /// In which period.
    period: PeriodInput,
    /// On which geography; default: where organisations sit today.
    boundaries: Option<BoundariesInput>,
    /// Whether successors take over the past of those that they followed.
    #[graphql(default_with = "Follow::None")]
    follow: Follow,
    /// Only of observations that are at least so settled.
    #[graphql(default_with = "ObservationStatus::Provisional")]
    min_status: ObservationStatus,
    /// As it was known at that moment, instead of now.
    known_at: Option<DateTime<Utc>>,
}

impl ComparisonInput {
    pub(super) fn read(self) -> Result<domain::ComparisonOf> {
        Ok(domain::ComparisonOf {
            metric: self.metric,
            kind: self.every.kind.into(),
            within: self.every.within.map(OrganisationBy::read).transpose()?,
            period: PeriodKind::from(self.period.r#type).around(self.period.month.0),
            terms: Terms {
                boundaries: input::boundaries(self.boundaries)?,
                follow: boundaries::Follow::from(self.follow),
                least: Status::from(self.min_status),
                known_at: self.known_at,
            },
        })
    }
}

/// Peers side by side.
pub struct Comparison(pub domain::Comparison);

/// Peers side by side.
#[Object]
impl Comparison {
    /// What they are compared by.
    async fn metric(&self) -> MetricDefinition {
        MetricDefinition(self.0.metric.clone())
    }

    /// In which period.
    async fn period(&self) -> Period {
        Period(self.0.period)
    }

    /// Everybody whose figure is not hidden from you, by name; those without a value have
    /// no rank.
    async fn peers(&self) -> Vec<Peer> {
        let peer =
            |peer: &domain::Peer| Peer { peer: peer.clone(), definition: self.0.metric.clone() };
        self.0.peers.iter().map(peer).collect()
    }

    /// How many were left out of everything here, because their figures are hidden.
    async fn hidden(&self) -> usize {
        self.0.hidden
    }

    /// How the values are spread; null where there are none.
    async fn quantiles(&self) -> Option<Quantiles> {
        self.0.quantiles.map(Quantiles::from)
    }

    /// Who is out of line with the others, given how many their share is of: for ratios
    /// of things that are counted.
    async fn funnel(&self) -> FunnelResult {
        self.0.funnel.clone().into()
    }
}

/// One of those who are compared.
pub struct Peer {
    peer: domain::Peer,
    definition: Arc<Definition>,
}

/// One of those who are compared.
#[Object]
impl Peer {
    /// Who, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Organisation {
        let organisation = self.peer.organisation.clone();
        Seen { organisation, day: viewer(ctx).today() }.into()
    }

    /// The figure.
    async fn value(&self) -> MetricValue {
        MetricValue { figure: self.peer.figure, definition: self.definition.clone() }
    }

    /// The geography that was used.
    async fn boundaries(&self) -> Boundaries {
        self.peer.boundaries.into()
    }

    /// The place from the best, 1, on; equal values share the better place. Where neither
    /// way is good, the highest is first.
    async fn rank(&self) -> Option<usize> {
        self.peer.standing.map(|standing| standing.rank)
    }

    /// What per cent of the values are lower, those that are equal counting half.
    async fn percentile(&self) -> Option<f64> {
        self.peer.standing.map(|standing| standing.percentile)
    }
}

/// How values are spread, in the metric's unit; between two values on a straight line
/// (type 7 of Hyndman and Fan 1996).
#[derive(SimpleObject)]
pub struct Quantiles {
    /// The smallest.
    minimum: f64,
    /// A quarter of them lie below.
    lower_quartile: f64,
    /// Half of them lie below.
    median: f64,
    /// Three quarters of them lie below.
    upper_quartile: f64,
    /// The largest.
    maximum: f64,
}

impl From<[f64; 5]> for Quantiles {
    fn from([minimum, lower_quartile, median, upper_quartile, maximum]: [f64; 5]) -> Self {
        Self { minimum, lower_quartile, median, upper_quartile, maximum }
    }
}

/// Where a share lies in a funnel; on a limit is within it.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "funnel::Place")]
pub enum FunnelPlace {
    /// Below the lower 99.8 % limit.
    FarBelow,
    /// Below the lower 95 % limit only.
    Below,
    /// Within the 95 % limits.
    Within,
    /// Above the upper 95 % limit only.
    Above,
    /// Above the upper 99.8 % limit.
    FarAbove,
}

/// A funnel, or why there is none.
#[derive(Union)]
pub enum FunnelResult {
    Funnel(Funnel),
    AnalysisRefused(AnalysisRefused),
}

answer_or_reason!(FunnelResult, Funnel, domain::Funnel);

/// A funnel plot (Spiegelhalter 2005) with exact binomial limits. A limit that is passed
/// is a reason to look, not a verdict.
#[derive(SimpleObject)]
pub struct Funnel {
    /// All numerators by all denominators of those who are shown, in the metric's unit.
    target: f64,
    /// Each with a denominator above 0.
    points: Vec<FunnelPoint>,
}

impl From<domain::Funnel> for Funnel {
    fn from(funnel: domain::Funnel) -> Self {
        let points = funnel.points.into_iter().map(FunnelPoint).collect();
        Self { target: funnel.target, points }
    }
}

/// One organisation in a funnel; values and limits are in the metric's unit.
pub struct FunnelPoint(domain::FunnelPoint);

/// One organisation in a funnel; values and limits are in the metric's unit.
#[Object]
impl FunnelPoint {
    /// Who, as it is today.
    async fn organisation(&self, ctx: &Context<'_>) -> Organisation {
        let organisation = self.0.organisation.clone();
        Seen { organisation, day: viewer(ctx).today() }.into()
    }

    /// How many its share is of.
    async fn denominator(&self) -> f64 {
        self.0.denominator as f64
    }

    /// Its share.
    async fn value(&self) -> f64 {
        self.0.value
    }

    /// One in a thousand lies below by chance.
    #[graphql(name = "lower998")]
    async fn lower_998(&self) -> f64 {
        self.0.limits.lower_998
    }

    /// One in forty lies below by chance.
    #[graphql(name = "lower95")]
    async fn lower_95(&self) -> f64 {
        self.0.limits.lower_95
    }

    /// One in forty lies above by chance.
    #[graphql(name = "upper95")]
    async fn upper_95(&self) -> f64 {
        self.0.limits.upper_95
    }

    /// One in a thousand lies above by chance.
    #[graphql(name = "upper998")]
    async fn upper_998(&self) -> f64 {
        self.0.limits.upper_998
    }

    /// Where the share lies between them.
    async fn place(&self) -> FunnelPlace {
        self.0.place.into()
    }
}
