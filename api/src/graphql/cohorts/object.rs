//! A cohort, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::cohort;

use super::enums::CohortKind;
use crate::{
    domain::{
        cohorts::{self, list},
        enrolments::list::EnrolmentFilter,
        page::PageRequest,
        programme,
    },
    graphql::{
        enrolments::{object::Enrolment, queries as enrolments},
        error::Result,
        ids::id_of,
        organisations::{
            kinds::{Provider, TrainingHub},
            seen::{Seen, viewer},
        },
        page::Connected,
        programme::framework::CompetencyFramework,
        scalars::Date,
    },
};

/// An intake of learners that a training hub opens.
#[derive(Clone)]
pub struct Cohort(pub Arc<cohort::Model>);

/// An intake of learners that a training hub opens.
#[Object]
impl Cohort {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        id_of("Cohort", self.0.id)
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whose it is, as it is today.
    async fn training_hub(&self, ctx: &Context<'_>) -> Option<TrainingHub> {
        Seen::today(viewer(ctx), self.0.training_hub_id).map(TrainingHub)
    }

    /// Who verifies and awards, as it is today; null while nobody is named.
    async fn provider(&self, ctx: &Context<'_>) -> Option<Provider> {
        Seen::today(viewer(ctx), self.0.provider_id?).map(Provider)
    }

    /// The version of the competency framework that its learners follow.
    async fn framework(&self, ctx: &Context<'_>) -> Option<CompetencyFramework> {
        programme::framework_by_id(viewer(ctx), self.0.framework_id).map(CompetencyFramework)
    }

    /// Whether all start together.
    async fn kind(&self) -> CohortKind {
        self.0.kind.into()
    }

    /// How many learners it is commissioned for.
    async fn places(&self) -> i32 {
        self.0.places
    }

    /// Places that are offered, accepted, or were ever started in.
    async fn places_taken(&self, ctx: &Context<'_>) -> i32 {
        list::places_taken(viewer(ctx), self.0.id)
    }

    /// Places that are left.
    async fn places_left(&self, ctx: &Context<'_>) -> i32 {
        (self.0.places - list::places_taken(viewer(ctx), self.0.id)).max(0)
    }

    /// The first day on which learners start.
    async fn starts_on(&self) -> Date {
        Date(self.0.starts_on)
    }

    /// When its learners should be through.
    async fn ends_on(&self) -> Date {
        Date(self.0.ends_on)
    }

    /// The first day on which nobody can apply; null while it is open.
    async fn closed_on(&self) -> Option<Date> {
        self.0.closed_on.map(Date)
    }

    /// Whether somebody can apply today.
    async fn open(&self, ctx: &Context<'_>) -> bool {
        cohorts::takes_applications(&self.0, viewer(ctx).today())
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its enrolments that are for you to see; null for whoever may see none anywhere.
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; default 20.")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, instead of the first.")] last: Option<i32>,
        #[graphql(desc = "Those before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connected<Enrolment>>> {
        let request = PageRequest { first, after, last, before };
        let filter = EnrolmentFilter { cohort: Some(self.0.id), ..Default::default() };
        Box::pin(enrolments::within(ctx, filter, request)).await
    }
}
