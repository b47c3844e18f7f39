//! `endReturnSchedule`: the last month that a schedule asks for.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    outcomes::{ReturnScheduleConflict, ending},
    schedule::ReturnSchedule,
};
use crate::{
    auth::action::Action,
    domain::returns::{schedule, scheduling},
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
        scalars::Month,
    },
};

/// The last month that a schedule asks for.
#[derive(InputObject)]
pub struct EndReturnScheduleInput {
    /// The schedule.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// The last month, not before its first.
    last_month: Month,
}

/// What became of `endReturnSchedule`.
#[derive(Union)]
pub enum EndReturnSchedulePayload {
    ReturnScheduleEnded(ReturnScheduleEnded),
    InvalidInput(InvalidInput),
    ReturnScheduleConflict(ReturnScheduleConflict),
}

/// Returns of later months are owed no longer; what is saved of any stays.
#[derive(SimpleObject)]
pub struct ReturnScheduleEnded {
    /// The schedule; null for those who may not read it.
    schedule: Option<ReturnSchedule>,
}

#[derive(Default)]
pub struct EndReturnScheduleMutation;

#[Object]
impl EndReturnScheduleMutation {
    /// Ends a schedule after a month.
    #[graphql(directive = access::apply(Action::ScheduleReturns.into()))]
    async fn end_return_schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which schedule, and when.")] input: EndReturnScheduleInput,
    ) -> Result<Option<EndReturnSchedulePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::ScheduleReturns)?;
        let command = scheduling::EndReturnSchedule {
            schedule: ids::read_as(&input.id, "ReturnSchedule")?,
            expected_version: input.expected_version,
            last_month: input.last_month.0,
        };
        let done = scheduling::end(viewer, permit, command).await;
        ending(ctx, done, |id| {
            let schedule = schedule::find(viewer, id).map(ReturnSchedule);
            ReturnScheduleEnded { schedule }.into()
        })
    }
}
