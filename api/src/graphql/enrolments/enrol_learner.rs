//! `enrolLearner`: applies for a place for a learner, known or new.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{enums::EnrolmentRoute, object::Enrolment, outcomes::AlreadyEnrolled};
use crate::{
    auth::action::Action,
    domain::{
        enrolments::{
            enrol::{self, Outcome},
            list,
        },
        idempotency::IdempotencyKey,
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        learners::input::EnrolledLearner,
        organisations::{by::SiteBy, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Date,
    },
};

/// Who applies for what.
#[derive(InputObject)]
pub struct EnrolLearnerInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// Who it is: an identifier that is known means that learner.
    learner: EnrolledLearner,
    /// The cohort, one of the site's training hub.
    cohort: ID,
    /// Where the learner works: an open GP practice.
    site: SiteBy,
    /// How the learning is recognised.
    route: EnrolmentRoute,
    /// The day of the application; left out: today.
    applied_on: Option<Date>,
}

/// What became of `enrolLearner`.
#[derive(Union)]
pub enum EnrolLearnerPayload {
    LearnerEnrolled(LearnerEnrolled),
    AlreadyEnrolled(AlreadyEnrolled),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The learner has applied.
#[derive(SimpleObject)]
pub struct LearnerEnrolled {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct EnrolLearnerMutation;

#[Object]
impl EnrolLearnerMutation {
    /// Applies for a place for a learner. A learner with an enrolment that is not over is
    /// not enrolled again: the answer names it.
    #[graphql(directive = access::apply(Action::ApplyForEnrolment.into()))]
    async fn enrol_learner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who applies for what.")] input: EnrolLearnerInput,
    ) -> Result<Option<EnrolLearnerPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ApplyForEnrolment)?;
        let key = input.idempotency_key.to_string();
        let command = enrol::EnrolLearner {
            learner: input.learner.read()?,
            cohort: ids::read_as(&input.cohort, "Cohort")?,
            site: input.site.read()?,
            route: input.route.into(),
            applied_on: input.applied_on.map(|day| day.0),
        };
        let done = match IdempotencyKey::new(&key, "enrolLearner", &format!("{command:?}")) {
            Ok(key) => enrol::enrol(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |outcome| {
            let found = |id| list::find(viewer, id).map(Enrolment);
            Some(match outcome {
                Outcome::Enrolled(id) => LearnerEnrolled { enrolment: found(id)? }.into(),
                Outcome::Already(id) => AlreadyEnrolled { enrolment: found(id)? }.into(),
            })
        })
    }
}
