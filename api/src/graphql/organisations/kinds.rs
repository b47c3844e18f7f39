//! The types of organisation, and the interfaces that they share.

use async_graphql::Context;
use entity::{
    membership::Scheme as MembershipScheme, organisation::Kind, organisation_code::CodeScheme,
};

pub use super::site::Site;
use super::{
    by::{OrganisationOrder, SiteFilter},
    lists,
    parts::{
        self, CodeInTime, LeadAppointment, Membership, NameInTime, Placement, SiteCounts,
        Succession,
    },
    seen::{Seen, viewer},
};
use crate::{
    domain::{organisations::OrganisationBy, page::PageRequest},
    graphql::{
        cohorts::{object::Cohort, queries as cohorts},
        enums::{OrganisationKind, OrganisationStatus, Scheme, Source, TrainingHubTier},
        error::Result,
        history::{self, Change},
        metrics::{
            enums::{Follow, ObservationStatus},
            input::{BoundariesInput, PeriodRange, SeriesArguments},
            series::MetricSeries,
        },
        page::Connected,
        participation::{
            self,
            funnel::AdoptionFunnel,
            object::{RoleModelCount, StageCount},
        },
        returns::{enums::ReturnState, loaders as returns, object::Return},
        scalars::{Date, Month, OdsCode, OnsCode, Slug},
        worklists::{loaders as worklists, object::Worklist},
    },
};

organisation_object! {
    /// The national GPA programme's own body: its owner's names are data too.
    Programme {}
}

organisation_object! {
    /// A university or body that verifies and awards.
    Provider {
        /// What waits for its team today; null where you may not know of it.
        async fn worklist(&self, ctx: &Context<'_>) -> Result<Option<Worklist>> {
            Box::pin(worklists::of(ctx, self.0.organisation.id())).await
        }
    }
}

area_object! {
    /// One of the seven NHS England regions.
    Region {
        /// The training hub that led the programme in the region on that day.
        async fn lead_training_hub(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<TrainingHub> {
            let lead = self.0.organisation.lead_at(self.0.on(as_at))?;
            self.0.related(ctx, Some(lead.training_hub_id)).map(TrainingHub)
        }

        /// Every appointment of a lead training hub, oldest first.
        async fn lead_appointments(&self) -> Vec<LeadAppointment> {
            parts::lead_appointments(&self.0)
        }

        /// The training hubs that lay within it on that day, by name.
        async fn training_hubs(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Connected<TrainingHub>> {
            let request = PageRequest { first, after, last, before };
            lists::within(ctx, &self.0, Kind::TrainingHub, &request, TrainingHub)
        }

        /// The ICBs that lay within it on that day, by name.
        async fn icbs(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Connected<Icb>> {
            let request = PageRequest { first, after, last, before };
            lists::within(ctx, &self.0, Kind::Icb, &request, Icb)
        }
    }
}

area_object! {
    /// An integrated care board.
    Icb {
        /// The training hub that covered it on that day.
        async fn training_hub(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<TrainingHub> {
            let day = self.0.on(as_at);
            let held = self.0.organisation.membership_at(
                MembershipScheme::Training,
                Kind::TrainingHub,
                day,
            )?;
            self.0.related(ctx, Some(held.parent_id)).map(TrainingHub)
        }

        /// Its sub-locations on that day, by name.
        async fn sub_icbs(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Connected<SubIcb>> {
            let request = PageRequest { first, after, last, before };
            lists::within(ctx, &self.0, Kind::SubIcb, &request, SubIcb)
        }
    }
}

area_object! {
    /// A sub-location of an ICB; before July 2022, a clinical commissioning group.
    SubIcb {
        /// Its primary care networks on that day, by name.
        async fn pcns(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Connected<Pcn>> {
            let request = PageRequest { first, after, last, before };
            lists::within(ctx, &self.0, Kind::Pcn, &request, Pcn)
        }
    }
}

area_object! {
    /// A primary care network.
    Pcn {}
}

area_object! {
    /// A Primary Care Training Hub: it runs the programme locally.
    TrainingHub {
        /// How far its work reached on that day.
        async fn tier(
            &self,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<TrainingHubTier> {
            self.0.organisation.tier.at(self.0.on(as_at)).map(|tier| (*tier).into())
        }

        /// The ICBs that it covered on that day, by name.
        async fn coverage(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Result<Vec<Icb>> {
            lists::coverage(ctx, &self.0, self.0.on(as_at))
        }

        /// Its cohorts that are for you to see, in the order in which they were opened;
        /// null for whoever may see none anywhere.
        async fn cohorts(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Option<Connected<Cohort>>> {
            let request = PageRequest { first, after, last, before };
            cohorts::of_hub(ctx, self.0.organisation.id(), &request)
        }

        /// The returns that it owes itself, those that nobody has begun among them: the newest
        /// month first; null where you may not know of them.
        #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
        async fn returns(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "Only those in one of these states.")]
            states: Option<Vec<ReturnState>>,
            #[graphql(desc = "For this month or later; default: the last twelve.")]
            first_month: Option<Month>,
            #[graphql(desc = "For this month or earlier; default: the last one that has ended.")]
            last_month: Option<Month>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Option<Connected<Return>>> {
            let request = PageRequest { first, after, last, before };
            let asked = returns::Asked::read(states, (first_month, last_month), request)?;
            Box::pin(returns::of(ctx, self.0.organisation.id(), asked)).await
        }

        /// What waits for its team today; null where you may not know of it.
        async fn worklist(&self, ctx: &Context<'_>) -> Result<Option<Worklist>> {
            Box::pin(worklists::of(ctx, self.0.organisation.id())).await
        }

        /// The region in which it led the programme on that day.
        async fn leads(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<Region> {
            let day = self.0.on(as_at);
            let place = self.0.organisation.placement_at(day)?;
            let region = viewer(ctx).organisation(place.region_id?)?;
            let lead = region.lead_at(day)?.training_hub_id;
            (lead == self.0.organisation.id())
                .then_some(Region(Seen { organisation: region, day: self.0.day }))
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::ContainerType;

    use super::*;

    fn size<'a, T: 'a, Resolving>(_: impl FnOnce(&'a T, &'a Context<'a>) -> Resolving) -> usize {
        size_of::<Resolving>()
    }

    /// Every field of an object takes as much memory as its largest, and is copied twice.
    #[test]
    fn a_field_takes_little_memory_while_it_is_resolved() {
        const MOST: usize = 800;
        assert!(size(<Region as ContainerType>::resolve_field) < MOST);
        assert!(size(<TrainingHub as ContainerType>::resolve_field) < MOST);
        assert!(size(<Site as ContainerType>::resolve_field) < MOST);
        assert!(size(<Placement as ContainerType>::resolve_field) < MOST);
    }
}
