//! `recordSuccession`: one organisation was followed by another.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::{idempotency::IdempotencyKey, successions},
    graphql::{
        access::access,
        enums::{Confidence, SuccessionKind},
        error::Result,
        organisations::{by::organisation_id, parts::Succession, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Date,
    },
};

/// Who was followed by whom.
#[derive(InputObject)]
pub struct RecordSuccessionInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and records nothing twice.
    idempotency_key: ID,
    /// Who was followed.
    predecessor: ID,
    /// Who followed, of the same kind.
    successor: ID,
    /// The day of it.
    occurred_on: Date,
    /// What happened.
    kind: SuccessionKind,
    /// How sure it is.
    #[graphql(default_with = "Confidence::Confirmed")]
    confidence: Confidence,
}

/// What became of `recordSuccession`.
#[derive(Union)]
pub enum RecordSuccessionPayload {
    SuccessionRecorded(SuccessionRecorded),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The succession is recorded, and the open enrolments and posts of a site that merged or
/// has a new code are its successor's. It closes nobody: that is a command of its own.
#[derive(SimpleObject)]
pub struct SuccessionRecorded {
    /// The succession.
    succession: Succession,
}

#[derive(Default)]
pub struct RecordSuccessionMutation;

#[Object]
impl RecordSuccessionMutation {
    /// Records that an organisation was followed by another: a merger, a split, or a
    /// new code for the same.
    #[graphql(directive = access::apply(Action::RecordSuccession.into()))]
    async fn record_succession(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who was followed by whom.")] input: RecordSuccessionInput,
    ) -> Result<Option<RecordSuccessionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordSuccession)?;
        let key = input.idempotency_key.to_string();
        let command = successions::RecordSuccession {
            predecessor: organisation_id(&input.predecessor)?,
            successor: organisation_id(&input.successor)?,
            occurred_on: input.occurred_on.0,
            kind: input.kind.into(),
            confidence: input.confidence.into(),
        };
        let done = match IdempotencyKey::new(&key, "recordSuccession", &format!("{command:?}")) {
            Ok(key) => successions::record(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            let row = successions::find(viewer, id)?;
            let succession = Succession { row, day: viewer.today() };
            Some(SuccessionRecorded { succession }.into())
        })
    }
}
