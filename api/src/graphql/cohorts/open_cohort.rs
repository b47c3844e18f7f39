//! `openCohort`: an intake of learners.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{enums::CohortKind, object::Cohort};
use crate::{
    auth::action::Action,
    domain::{
        cohorts::{list, open},
        idempotency::IdempotencyKey,
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{
            by::{ProviderBy, TrainingHubBy},
            seen::viewer,
        },
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Date,
    },
};

/// What is known of a cohort when it is opened.
#[derive(InputObject)]
pub struct OpenCohortInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// Whose it is.
    training_hub: TrainingHubBy,
    /// Who verifies and awards; left out: nobody yet.
    provider: Option<ProviderBy>,
    /// The published version of the competency framework; left out: the newest.
    framework_id: Option<ID>,
    /// What it is called.
    name: String,
    /// Whether all start together.
    kind: CohortKind,
    /// How many learners it is commissioned for, 1 to 10,000.
    places: i32,
    /// The first day on which learners start; of a rolling cohort, the first of a month.
    starts_on: Date,
    /// When its learners should be through; left out: 9 months after the start.
    ends_on: Option<Date>,
}

/// What became of `openCohort`.
#[derive(Union)]
pub enum OpenCohortPayload {
    CohortOpened(CohortOpened),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The cohort is open: sites can apply for its places.
#[derive(SimpleObject)]
pub struct CohortOpened {
    /// The cohort.
    cohort: Cohort,
}

#[derive(Default)]
pub struct OpenCohortMutation;

#[Object]
impl OpenCohortMutation {
    /// Opens a cohort of a training hub.
    #[graphql(directive = access::apply(Action::OpenCohort.into()))]
    async fn open_cohort(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cohort.")] input: OpenCohortInput,
    ) -> Result<Option<OpenCohortPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::OpenCohort)?;
        let key = input.idempotency_key.to_string();
        let framework = input.framework_id.as_ref();
        let command = open::OpenCohort {
            training_hub: input.training_hub.read()?,
            provider: input.provider.map(ProviderBy::read).transpose()?,
            framework: framework.map(|id| ids::read_as(id, "CompetencyFramework")).transpose()?,
            name: input.name,
            kind: input.kind.into(),
            places: input.places,
            starts_on: input.starts_on.0,
            ends_on: input.ends_on.map(|day| day.0),
        };
        let done = match IdempotencyKey::new(&key, "openCohort", &format!("{command:?}")) {
            Ok(key) => open::open(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| Some(CohortOpened { cohort: Cohort(list::find(viewer, id)?) }.into()))
    }
}
