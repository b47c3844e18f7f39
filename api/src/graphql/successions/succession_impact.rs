//! `successionImpact`: what a merger or a new code would move.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::{
    auth::action::Action,
    domain::successions::impact as domain,
    graphql::{
        access::access,
        error::Result,
        ids::id_of,
        organisations::{
            by::SiteBy,
            kinds::{Region, Site},
            seen::{Seen, viewer},
        },
        participation::enums::AdoptionStage,
        scalars::{Date, whole},
    },
};

/// Which sites would be followed by which one, and when.
#[derive(InputObject)]
pub struct SuccessionImpactInput {
    /// The sites that would be followed; 1 to 20.
    predecessors: Vec<SiteBy>,
    /// The site that would follow them; leave it out for one that has no code yet.
    successor: Option<SiteBy>,
    /// The day of it, past or to come.
    occurred_on: Date,
}

#[derive(Default)]
pub struct SuccessionImpactQuery;

#[Object]
impl SuccessionImpactQuery {
    /// What a merger, or a new code, would move, with the stages and figures before and
    /// after. Nothing is written.
    #[graphql(directive = access::apply(Action::PreviewSuccession.into()))]
    async fn succession_impact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who would be followed by whom.")] input: SuccessionImpactInput,
    ) -> Result<SuccessionImpact> {
        let question = domain::ImpactQuestion {
            predecessors: input
                .predecessors
                .into_iter()
                .map(SiteBy::read)
                .collect::<Result<_>>()?,
            successor: input.successor.map(SiteBy::read).transpose()?,
            occurred_on: input.occurred_on.0,
        };
        Ok(SuccessionImpact(domain::impact(viewer(ctx), &question)?))
    }
}

pub struct SuccessionImpact(domain::Impact);

/// What a merger, or a new code, would do.
#[Object]
impl SuccessionImpact {
    /// The day of it.
    async fn occurred_on(&self) -> Date {
        Date(self.0.occurred_on)
    }

    /// Each predecessor on the day before and, if it is registered, the successor.
    async fn before(&self) -> Vec<SuccessionSide> {
        self.0.before.iter().cloned().map(SuccessionSide).collect()
    }

    /// The successor on that day.
    async fn after(&self) -> SuccessionSide {
        SuccessionSide(self.0.after.clone())
    }

    /// The enrolments that would move, by their ids.
    async fn enrolments(&self) -> Vec<ID> {
        self.0.enrolments.iter().map(|id| id_of("Enrolment", *id)).collect()
    }

    /// The posts that would move, by their ids.
    async fn posts(&self) -> Vec<ID> {
        self.0.posts.iter().map(|id| id_of("Post", *id)).collect()
    }

    /// How many of these sites ever came to TRAINING.
    async fn ever_in_training(&self) -> EverInTraining {
        let (none, successor) = self.0.ever_in_training;
        EverInTraining { none: whole(none), successor: whole(successor) }
    }

    /// What becomes of the adoption rate of the first predecessor's region.
    async fn region(&self, ctx: &Context<'_>) -> Option<RegionImpact> {
        let (region, before, after) = self.0.region.clone()?;
        let region = Region(Seen { organisation: region, day: viewer(ctx).today() });
        Some(RegionImpact { region, before: before.into(), after: after.into() })
    }

    /// What there must be as much of after as before.
    async fn checks(&self) -> Vec<ConservationCheck> {
        let check = |check: &domain::Check| ConservationCheck {
            of: check.of,
            before: check.before,
            after: check.after,
            holds: check.holds(),
        };
        self.0.checks.iter().map(check).collect()
    }
}

pub struct SuccessionSide(domain::Side);

/// One site, before or after.
#[Object]
impl SuccessionSide {
    /// The site; null for one that is not registered yet.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        let organisation = self.0.site.clone()?;
        Some(Site(Seen { organisation, day: viewer(ctx).today() }))
    }

    /// Its stage.
    async fn stage(&self) -> AdoptionStage {
        self.0.stage.into()
    }

    /// When somebody was in post for the first time, there or at a site that it followed.
    async fn first_in_post_on(&self) -> Option<Date> {
        self.0.first_in_post.map(Date)
    }

    /// Registered patients at the last count; null if they were never counted.
    async fn list_size(&self) -> Option<i32> {
        self.0.list_size
    }

    /// Enrolments that are not over.
    async fn enrolments(&self) -> i32 {
        whole(self.0.enrolments)
    }

    /// Learners who have started and are not through.
    async fn learners_in_training(&self) -> i32 {
        whole(self.0.learners_in_training)
    }

    /// Posts that are held there.
    async fn posts(&self) -> i32 {
        whole(self.0.posts)
    }

    /// Full-time equivalents of these posts there.
    async fn fte(&self) -> f64 {
        self.0.fte.number()
    }
}

/// How many of the sites of a succession ever came to TRAINING.
#[derive(SimpleObject)]
pub struct EverInTraining {
    /// Each site counted for itself: `follow: NONE`.
    none: i32,
    /// The successor standing for those that it followed: `follow: SUCCESSOR`.
    successor: i32,
}

/// A region's adoption, before and after.
#[derive(SimpleObject)]
pub struct RegionImpact {
    /// The region.
    region: Region,
    /// The day before, or today if that is to come.
    before: AdoptionShare,
    /// After it.
    after: AdoptionShare,
}

/// Sites in post, of eligible sites.
#[derive(SimpleObject)]
pub struct AdoptionShare {
    /// Eligible sites with a post.
    in_post: i32,
    /// Eligible sites.
    eligible: i32,
}

/// Something of which there must be as much after as before.
#[derive(SimpleObject)]
pub struct ConservationCheck {
    /// What.
    of: &'static str,
    /// In all, before.
    before: f64,
    /// In all, after.
    after: f64,
    /// Whether it is as much.
    holds: bool,
}

impl From<domain::Share> for AdoptionShare {
    fn from(share: domain::Share) -> Self {
        Self { in_post: whole(share.in_post), eligible: whole(share.eligible) }
    }
}
