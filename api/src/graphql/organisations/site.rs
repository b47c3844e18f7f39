//! A site, as clients see it.

use async_graphql::Context;
use entity::organisation_code::CodeScheme;

use super::{
    parts::{self, CodeInTime, ListSize, Membership, NameInTime, Placement, Succession},
    seen::viewer,
};
use crate::{
    domain::{page::PageRequest, participation as domain},
    graphql::{
        enrolments::{object::Enrolment, queries as enrolments},
        enums::{OrganisationKind, OrganisationStatus, Scheme, Source},
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
        participation::object::Participation,
        posts::{object::Post, queries as posts},
        returns::{enums::ReturnState, loaders as returns, object::Return},
        scalars::{Date, Month, OdsCode, OnsCode, Slug},
        worklists::{loaders as worklists, object::Worklist},
    },
};

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
