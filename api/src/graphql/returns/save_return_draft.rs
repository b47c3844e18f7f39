//! `saveReturnDraft`: filling in a return.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::ReturnValueInput,
    object::Return,
    outcomes::{ReturnConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::returns::draft,
    graphql::{
        access::access,
        error::Result,
        findings::Finding,
        ids,
        organisations::{by::OrganisationBy, seen::viewer},
        outcomes::InvalidInput,
        scalars::Month,
    },
};

/// What a return is to say: all of it, in place of what was saved before.
#[derive(InputObject)]
pub struct SaveReturnDraftInput {
    /// What it is owed under.
    schedule: ID,
    /// Who owes it.
    organisation: OrganisationBy,
    /// For which month; one that has ended.
    month: Month,
    /// The version that you read; 0 for a return that nobody has begun.
    expected_version: i32,
    /// What is said of its metrics; those left out are not answered yet.
    #[graphql(default)]
    values: Vec<ReturnValueInput>,
    /// There was nothing to count at all: answers every metric NIL, without values.
    #[graphql(default)]
    nil: bool,
    /// Only look what would be found: nothing is saved.
    #[graphql(default)]
    dry_run: bool,
}

/// What became of `saveReturnDraft`.
#[derive(Union)]
pub enum SaveReturnDraftPayload {
    ReturnDraftSaved(ReturnDraftSaved),
    InvalidInput(InvalidInput),
    ReturnConflict(ReturnConflict),
}

/// The draft is saved, whatever is found about it.
#[derive(SimpleObject)]
pub struct ReturnDraftSaved {
    /// The return as it is saved or, of a dry run, would be.
    #[graphql(name = "return")]
    returned: Return,
    /// Whether it is saved: not by a dry run.
    saved: bool,
    /// Everything that is found about it, in one pass.
    findings: Vec<Finding>,
}

#[derive(Default)]
pub struct SaveReturnDraftMutation;

#[Object]
impl SaveReturnDraftMutation {
    /// Fills in a return that is owed, or was sent back. What is found comes back at once
    /// and holds nothing up until the return is submitted.
    #[graphql(directive = access::apply(Action::SaveReturnDraft.into()))]
    async fn save_return_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which return, and what it says.")] input: SaveReturnDraftInput,
    ) -> Result<Option<SaveReturnDraftPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::SaveReturnDraft)?;
        let (schedule, organisation) =
            (ids::read_as(&input.schedule, "ReturnSchedule")?, input.organisation.read()?);
        let done = match ReturnValueInput::read(input.values) {
            Ok(answers) => {
                let command = draft::SaveReturnDraft {
                    schedule,
                    organisation,
                    month: input.month.0,
                    expected_version: input.expected_version,
                    answers,
                    nil: input.nil,
                    dry_run: input.dry_run,
                };
                draft::save(viewer, permit, command).await
            }
            Err(declined) => Err(declined),
        };
        changing(ctx, done, |drafted| {
            let findings = drafted.findings.into_iter().map(Into::into).collect();
            ReturnDraftSaved { returned: Return(drafted.it), saved: drafted.saved, findings }.into()
        })
        .await
    }
}
