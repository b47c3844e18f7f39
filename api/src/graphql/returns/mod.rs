//! Returns: who owes which figures, filling them in, deciding about them, and the rules
//! that they are judged by.

pub mod approve_return;
pub mod end_return_schedule;
pub mod enums;
pub mod input;
pub mod loaders;
pub mod lock_return;
pub mod object;
pub mod outcomes;
pub mod queries;
pub mod restate_return;
pub mod rules;
pub mod save_return_draft;
pub mod schedule;
pub mod schedule_returns;
pub mod send_return_back;
pub mod set_validation_rule;
pub mod submit_return;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct ReturnMutations(
    schedule_returns::ScheduleReturnsMutation,
    end_return_schedule::EndReturnScheduleMutation,
    save_return_draft::SaveReturnDraftMutation,
    submit_return::SubmitReturnMutation,
    send_return_back::SendReturnBackMutation,
    approve_return::ApproveReturnMutation,
    lock_return::LockReturnMutation,
    restate_return::RestateReturnMutation,
    set_validation_rule::SetValidationRuleMutation,
);
