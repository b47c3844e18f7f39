//! `recordAwards`: many learners are awarded at once, each judged by itself.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::input::AwardInput;
use crate::{
    auth::action::Action,
    domain::{awards::record, enrolments::list, idempotency::IdempotencyKey},
    graphql::{
        access::access,
        enrolments::object::Enrolment,
        error::Result,
        findings::Finding,
        metrics::enums::ItemResult,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// Awards to record.
#[derive(InputObject)]
pub struct RecordAwardsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and records nothing twice.
    idempotency_key: ID,
    /// 1 to 500 of them.
    items: Vec<AwardInput>,
}

/// What became of `recordAwards`.
#[derive(Union)]
pub enum RecordAwardsPayload {
    AwardsRecorded(AwardsRecorded),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// Each item was judged by itself, and recorded or refused.
#[derive(SimpleObject)]
pub struct AwardsRecorded {
    /// One for each item, in their order.
    outcomes: Vec<AwardOutcome>,
    /// How many were refused.
    refused: i32,
}

/// What became of one item.
#[derive(SimpleObject)]
pub struct AwardOutcome {
    /// The place of the item in the list, from 0 on.
    index: i32,
    /// What became of it.
    result: ItemResult,
    /// The enrolment, with its award if it has one; null where none was found.
    enrolment: Option<Enrolment>,
    /// What is wrong with it.
    findings: Vec<Finding>,
}

#[derive(Default)]
pub struct RecordAwardsMutation;

#[Object]
impl RecordAwardsMutation {
    /// Records what learners were awarded, up to 500 at once. Each item is judged by
    /// itself: what is wrong with one does not hold up the others.
    #[graphql(directive = access::apply(Action::RecordAward.into()))]
    async fn record_awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The awards.")] input: RecordAwardsInput,
    ) -> Result<Option<RecordAwardsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordAward)?;
        let key = input.idempotency_key.to_string();
        let items: Vec<_> = input.items.into_iter().map(AwardInput::read).collect::<Result<_>>()?;
        let done = match IdempotencyKey::new(&key, "recordAwards", &format!("{items:?}")) {
            Ok(key) => record::record_all(viewer, permit, key, items).await,
            Err(declined) => Err(declined),
        };
        creating(done, |outcomes| {
            let outcome = |(index, each): (i32, record::Outcome)| AwardOutcome {
                index,
                result: each.result.into(),
                enrolment: each.enrolment.and_then(|id| list::find(viewer, id)).map(Enrolment),
                findings: each.findings.into_iter().map(Finding::from).collect(),
            };
            let outcomes: Vec<_> = (0..).zip(outcomes).map(outcome).collect();
            let refused = outcomes.iter().filter(|each| each.result == ItemResult::Refused).count();
            let refused = i32::try_from(refused).unwrap_or(i32::MAX);
            Some(AwardsRecorded { outcomes, refused }.into())
        })
    }
}
