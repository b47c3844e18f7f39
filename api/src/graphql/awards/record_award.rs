//! `recordAward`: a learner is awarded.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{
        awards::{
            record::{self, RecordAward},
            rules,
        },
        enrolments::list,
        idempotency::IdempotencyKey,
    },
    graphql::{
        access::access,
        enrolments::object::Enrolment,
        error::Result,
        ids,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Date,
    },
};

/// Who is awarded what.
#[derive(InputObject)]
pub struct RecordAwardInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and records nothing twice.
    idempotency_key: ID,
    /// The enrolment: VERIFIED or COMPLETED, and not of the route IN_HOUSE.
    enrolment: ID,
    /// What it is called.
    title: String,
    /// The level: 4.
    #[graphql(default = 4)]
    level: i32,
    /// 10 or 20.
    credits: i32,
    /// Who awards it; default: the cohort's provider, by its name on that day.
    body: Option<String>,
    /// The day of the award; today or earlier, not before the verification.
    awarded_on: Date,
}

/// What became of `recordAward`.
#[derive(Union)]
pub enum RecordAwardPayload {
    AwardRecorded(AwardRecorded),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The award is recorded.
#[derive(SimpleObject)]
pub struct AwardRecorded {
    /// The enrolment, with its award.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct RecordAwardMutation;

#[Object]
impl RecordAwardMutation {
    /// Records what a learner was awarded: one award for each enrolment.
    #[graphql(directive = access::apply(Action::RecordAward.into()))]
    async fn record_award(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is awarded what.")] input: RecordAwardInput,
    ) -> Result<Option<RecordAwardPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordAward)?;
        let key = input.idempotency_key.to_string();
        let command = RecordAward {
            enrolment: ids::read_as(&input.enrolment, "Enrolment")?,
            award: rules::Award {
                title: input.title,
                level: input.level,
                credits: input.credits,
                body: input.body,
                awarded_on: input.awarded_on.0,
            },
        };
        let done = match IdempotencyKey::new(&key, "recordAward", &format!("{command:?}")) {
            Ok(key) => record::record(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            list::find(viewer, id).map(|it| AwardRecorded { enrolment: Enrolment(it) }.into())
        })
    }
}
