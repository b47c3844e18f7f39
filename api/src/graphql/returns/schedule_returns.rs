//! `scheduleReturns`: which organisations owe which figures, and by when.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::schedule::ReturnSchedule;
use crate::{
    auth::action::Action,
    domain::{
        idempotency::IdempotencyKey,
        returns::{schedule, scheduling},
    },
    graphql::{
        access::access,
        enums::OrganisationKind,
        error::Result,
        organisations::{by::OrganisationBy, seen::viewer},
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Month,
    },
};

/// A schedule of returns.
#[derive(InputObject)]
pub struct ScheduleReturnsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and schedules nothing twice.
    idempotency_key: ID,
    /// What the return is called.
    title: String,
    /// The codes of the metrics that it asks for, in the order of the form; 1 to 100.
    metrics: Vec<String>,
    /// The kind of organisation that owes it.
    owed_by: OrganisationKind,
    /// Only those that lie within this one at a month's end; left out: all.
    within: Option<OrganisationBy>,
    /// The first month that it asks for.
    first_month: Month,
    /// The last one; left out: it is open.
    last_month: Option<Month>,
    /// How many days after the month's last one a return is due, 0 to 365.
    due_days: i32,
}

/// What became of `scheduleReturns`.
#[derive(Union)]
pub enum ScheduleReturnsPayload {
    ReturnsScheduled(ReturnsScheduled),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The returns are owed from the first month's end on.
#[derive(SimpleObject)]
pub struct ReturnsScheduled {
    /// The schedule.
    schedule: ReturnSchedule,
}

#[derive(Default)]
pub struct ScheduleReturnsMutation;

#[Object]
impl ScheduleReturnsMutation {
    /// Says which organisations owe which figures month after month, and by when.
    #[graphql(directive = access::apply(Action::ScheduleReturns.into()))]
    async fn schedule_returns(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who owes what.")] input: ScheduleReturnsInput,
    ) -> Result<Option<ScheduleReturnsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ScheduleReturns)?;
        let key = input.idempotency_key.to_string();
        let command = scheduling::ScheduleReturns {
            title: input.title,
            metrics: input.metrics,
            owed_by: input.owed_by.into(),
            within: input.within.map(OrganisationBy::read).transpose()?,
            first_month: input.first_month.0,
            last_month: input.last_month.map(|month| month.0),
            due_days: input.due_days,
        };
        let done = match IdempotencyKey::new(&key, "scheduleReturns", &format!("{command:?}")) {
            Ok(key) => scheduling::schedule(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |id| {
            let schedule = ReturnSchedule(schedule::find(viewer, id)?);
            Some(ReturnsScheduled { schedule }.into())
        })
    }
}
