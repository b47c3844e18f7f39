//! The types of organisation, and the interfaces that they share.

use async_graphql::Context;
use entity::{
    membership::Scheme as MembershipScheme, organisation::Kind, organisation_code::CodeScheme,
};

use super::{
    by::{OrganisationOrder, SiteFilter},
    lists,
    parts::{
        self, CodeInTime, LeadAppointment, ListSize, Membership, NameInTime, Placement, SiteCounts,
        Succession,
    },
    seen::{Seen, viewer},
};
use crate::{
    domain::{organisations::OrganisationBy, page::PageRequest, participation as domain},
    graphql::{
        cohorts::{object::Cohort, queries as cohorts},
        enrolments::{object::Enrolment, queries as enrolments},
        enums::{OrganisationKind, OrganisationStatus, Scheme, Source, TrainingHubTier},
        error::Result,
        history::{self, Change},
        metrics::{
            enums::{Follow, ObservationStatus},
            input::{BoundariesInput, PeriodRange, SeriesArguments},
            latest::LatestFigures,
            loaders,
            series::MetricSeries,
        },
        page::Connected,
        participation::{
            self,
            funnel::AdoptionFunnel,
            object::{Participation, RoleModelCount, StageCount},
        },
        posts::{object::Post, queries as posts},
        scalars::{Date, OdsCode, OnsCode, Slug},
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

organisation_object! {
    /// A GP practice, its branch, or another prescribing organisation of the NHS
    /// register: one that takes part, or could.
    Site {
        /// Its postcode on that day.
        async fn postcode(
            &self,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<&str> {
            self.0.organisation.postcode.at(self.0.on(as_at)).map(|code| &**code)
        }

        /// Its ODS prescribing setting on that day; `4` is a GP practice.
        async fn prescribing_setting(
            &self,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<&str> {
            self.0.organisation.prescribing_setting.at(self.0.on(as_at)).map(|code| &**code)
        }

        /// Its registered patients at the last count on or before that day.
        async fn list_size(
            &self,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> Option<ListSize> {
            self.0.organisation.list_size_at(self.0.on(as_at)).map(ListSize::from)
        }

        /// The latest figure of each metric, in the order in which they are named: of the
        /// newest month of which it has said anything.
        async fn latest(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "Codes of metrics; 1 to 50.")] metrics: Vec<String>,
        ) -> Result<LatestFigures> {
            Box::pin(loaders::latest_of(ctx, self.0.organisation.id(), metrics)).await
        }

        /// Its part in the programme; null where you may not know of it.
        async fn participation(&self, ctx: &Context<'_>) -> Option<Participation> {
            domain::of(viewer(ctx), self.0.organisation.id()).map(Participation)
        }

        /// Posts that are, or were last, held there, in the order in which they were
        /// recorded; null where you may not know of them.
        async fn posts(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "Only those that are held today, or that are not.")]
            active: Option<bool>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Option<Connected<Post>>> {
            let request = PageRequest { first, after, last, before };
            Box::pin(posts::of_site(ctx, self.0.organisation.id(), active, &request)).await
        }

        /// The enrolments there today that are for you to see, in the order in which they
        /// were applied for; null for whoever may see none anywhere.
        async fn enrolments(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
            #[graphql(desc = "Those after this cursor.")] after: Option<String>,
            #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
            #[graphql(desc = "Those before this cursor.")] before: Option<String>,
        ) -> Result<Option<Connected<Enrolment>>> {
            let request = PageRequest { first, after, last, before };
            Box::pin(enrolments::of_site(ctx, self.0.organisation.id(), request)).await
        }

        /// What waits for its team today; null where you may not know of it.
        async fn worklist(&self, ctx: &Context<'_>) -> Result<Option<Worklist>> {
            Box::pin(worklists::of(ctx, self.0.organisation.id())).await
        }

        /// Every count of its registered patients, oldest first.
        async fn list_sizes(&self) -> Vec<ListSize> {
            self.0.organisation.list_sizes.iter().copied().map(ListSize::from).collect()
        }

        /// Whether it could take part on that day: an active GP practice (prescribing
        /// setting 4) in one of the seven regions of England.
        async fn eligible(
            &self,
            #[graphql(desc = "The day to answer for; default: the day as at which it is shown.")]
            as_at: Option<Date>,
        ) -> bool {
            self.0.organisation.eligible_at(self.0.on(as_at))
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
