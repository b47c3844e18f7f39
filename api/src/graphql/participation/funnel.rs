//! The adoption funnel, as clients see it.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::enums::AdoptionStage;
use crate::{
    domain::{
        error::Failure,
        figures::{boundaries, selector::Selector},
        organisations::OrganisationBy,
        participation::funnel as domain,
    },
    graphql::{
        error::Result,
        metrics::{
            enums::Follow,
            input::{BoundariesInput, OrganisationSelector, boundaries},
        },
        organisations::{
            interfaces::Organisation,
            seen::{Seen, viewer},
        },
        scalars::{Date, whole},
    },
};

/// Whose funnel, and as at when.
#[derive(InputObject)]
pub struct AdoptionFunnelInput {
    /// Of which organisations. A funnel of one site is its stage, and not everybody's.
    of: OrganisationSelector,
    /// The last day that counts; default: today in England.
    as_at: Option<Date>,
    /// Stages reached from this day on are counted apart, as `reachedSince`.
    since: Option<Date>,
    /// On which geography; default: where organisations sit today.
    boundaries: Option<BoundariesInput>,
    /// Whether successors stand for those that they followed.
    #[graphql(default_with = "Follow::None")]
    follow: Follow,
}

impl AdoptionFunnelInput {
    pub fn read(self) -> Result<domain::FunnelQuestion> {
        Ok(domain::FunnelQuestion {
            of: self.of.read()?,
            as_at: self.as_at.map(|date| date.0),
            since: self.since.map(|date| date.0),
            boundaries: boundaries(self.boundaries)?,
            follow: boundaries::Follow::from(self.follow),
        })
    }
}

/// The funnel of one organisation that is shown, on today's geography.
pub fn of(
    ctx: &Context<'_>,
    seen: &Seen,
    as_at: Option<Date>,
    since: Option<Date>,
) -> Result<AdoptionFunnel> {
    let question = domain::FunnelQuestion {
        of: Selector::Named(vec![OrganisationBy::Id(seen.organisation.id())]),
        as_at: Some(seen.on(as_at)),
        since: since.map(|date| date.0),
        boundaries: boundaries::Boundaries::Current,
        follow: boundaries::Follow::None,
    };
    let found = domain::funnels(viewer(ctx), &question)?.into_iter().next();
    Ok(found.map(AdoptionFunnel).ok_or(Failure::NotFound)?)
}

pub struct AdoptionFunnel(pub domain::Funnel);

/// How many eligible sites of an organisation ever came how far, and where they are now.
/// A site that came to a stage counts at every stage before it, so the counts never rise
/// along the way.
#[Object]
impl AdoptionFunnel {
    /// Whose funnel it is.
    async fn organisation(&self, ctx: &Context<'_>) -> Organisation {
        let day = viewer(ctx).today();
        Seen { organisation: self.0.organisation.clone(), day }.into()
    }

    /// The last day that counts.
    async fn as_at(&self) -> Date {
        Date(self.0.as_at)
    }

    /// The stages along the way, from INTERESTED to SUSTAINED.
    async fn steps(&self) -> Vec<FunnelStep> {
        self.0.steps.iter().map(FunnelStep::from).collect()
    }

    /// Eligible sites of which nothing is known.
    async fn not_engaged(&self) -> i32 {
        whole(self.0.not_engaged)
    }

    /// Sites that declined.
    async fn declined(&self) -> i32 {
        whole(self.0.declined)
    }

    /// Sites that lapsed.
    async fn lapsed(&self) -> i32 {
        whole(self.0.lapsed)
    }
}

/// One stage of a funnel.
#[derive(SimpleObject)]
pub struct FunnelStep {
    /// The stage.
    stage: AdoptionStage,
    /// Sites that ever came to it, or further.
    ever_reached: i32,
    /// Of these, those that first came so far on `since` or later; 0 without `since`.
    reached_since: i32,
    /// Sites that are in it.
    now_at: i32,
    /// The median number of days from coming to the stage to leaving it, of the sites that
    /// left it; null where none did.
    median_days: Option<f64>,
    /// Of the sites that ever came to the stage before, the share, 0 to 1, that came to this
    /// one; null at the first stage, and where none came to the one before.
    conversion: Option<f64>,
}

impl From<&domain::FunnelStep> for FunnelStep {
    fn from(step: &domain::FunnelStep) -> Self {
        Self {
            stage: step.stage.into(),
            ever_reached: whole(step.ever_reached),
            reached_since: whole(step.reached_since),
            now_at: whole(step.now_at),
            median_days: step.median_days,
            conversion: step.conversion,
        }
    }
}
