//! An enrolment, as clients see it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::enrolment::State;

use super::{
    enums::{EnrolmentRoute, EnrolmentState, ExitReason},
    parts::{
        Disagreement, EmploymentReport, EnrolmentEvent, EnrolmentStep, Extension, MentorAssignment,
    },
};
use crate::{
    domain::{
        cohorts::list as cohorts,
        enrolments::{disagreement::disagreement, transitions},
        learners::list::{self as learners, LearnerLookup},
        programme, records,
    },
    graphql::{
        assessments::{
            loaders as assessments,
            object::{Assessment, EnrolmentProgress},
        },
        awards::object::Award,
        cohorts::object::Cohort,
        error::Result,
        ids::id_of,
        learners::object::Learner,
        organisations::{
            kinds::Site,
            seen::{Seen, viewer},
        },
        programme::framework::CompetencyFramework,
        scalars::Date,
    },
};

/// A learner's run through the programme: with which cohort, at which site, and how far.
#[derive(Clone)]
pub struct Enrolment(pub Arc<records::Enrolment>);

/// A learner's run through the programme: with which cohort, at which site, and how far.
#[Object]
impl Enrolment {
    /// Its id.
    pub(crate) async fn id(&self) -> ID {
        id_of("Enrolment", self.0.row.id)
    }

    /// The learner.
    async fn learner(&self, ctx: &Context<'_>) -> Option<Learner> {
        let by = LearnerLookup::Id(self.0.row.learner_id);
        learners::find(viewer(ctx), &by).map(Learner)
    }

    /// The cohort.
    async fn cohort(&self, ctx: &Context<'_>) -> Option<Cohort> {
        cohorts::find(viewer(ctx), self.0.row.cohort_id).map(Cohort)
    }

    /// Where the learner is now, as it is today.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Seen::today(viewer(ctx), self.0.row.site_id).map(Site)
    }

    /// The version of the competency framework that it started with.
    async fn framework(&self, ctx: &Context<'_>) -> Option<CompetencyFramework> {
        programme::framework_by_id(viewer(ctx), self.0.row.framework_id).map(CompetencyFramework)
    }

    /// How the learning is recognised.
    async fn route(&self) -> EnrolmentRoute {
        self.0.row.route.into()
    }

    /// How far it has come.
    async fn state(&self) -> EnrolmentState {
        self.0.row.state.into()
    }

    /// What may become of it next, and what that takes.
    async fn next(&self) -> Vec<EnrolmentStep> {
        transitions::next(self.0.row.state).map(Into::into).collect()
    }

    /// The day of the application.
    async fn applied_on(&self) -> Option<Date> {
        self.0.first(State::Applied).map(Date)
    }

    /// The day of the start; null before it.
    async fn started_on(&self) -> Option<Date> {
        self.0.started_on().map(Date)
    }

    /// 9 months after the start, and later by what was granted; null before the start.
    async fn due_on(&self) -> Option<Date> {
        self.0.row.due_on.map(Date)
    }

    /// The day on which it came into the state that it is in.
    async fn since(&self) -> Option<Date> {
        self.0.since().map(Date)
    }

    /// Why it ended before it was completed.
    async fn exit_reason(&self) -> Option<ExitReason> {
        self.0.row.exit_reason.map(Into::into)
    }

    /// What happened to it, the first thing first.
    async fn events(&self) -> Vec<EnrolmentEvent> {
        self.0.events.iter().cloned().map(EnrolmentEvent).collect()
    }

    /// More time that was asked for, the first request first.
    async fn extensions(&self) -> Vec<Extension> {
        self.0.extensions.iter().cloned().map(Extension).collect()
    }

    /// Whoever was ever assigned to it.
    async fn mentors(&self) -> Vec<MentorAssignment> {
        self.0.mentors.iter().cloned().map(MentorAssignment).collect()
    }

    /// What the site said of the learner's employment, the last word last.
    async fn employment(&self) -> Vec<EmploymentReport> {
        self.0.employment.iter().map(Into::into).collect()
    }

    /// In what the site and the training hub disagree; null where they do not.
    async fn disagreement(&self) -> Option<Disagreement> {
        disagreement(&self.0).map(Into::into)
    }

    /// How far the learner has come with the competencies of the framework.
    async fn progress(&self, ctx: &Context<'_>) -> Result<Option<EnrolmentProgress>> {
        assessments::progress(ctx, &self.0).await
    }

    /// Everything that was said of one competency, the first thing first.
    async fn assessments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code of a competency of its framework.")] competency: String,
    ) -> Result<Vec<Assessment>> {
        assessments::history(ctx, &self.0, &competency).await
    }

    /// What the learner was awarded; null before.
    async fn award(&self) -> Option<Award> {
        self.0.award.clone().map(Award)
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}
