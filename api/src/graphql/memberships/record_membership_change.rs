//! `recordMembershipChange`: an organisation moved.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::memberships::{self, change},
    graphql::{
        access::access,
        error::Result,
        organisations::{
            by::{OrganisationBy, organisation_id},
            parts::Membership,
            seen::viewer,
        },
        outcomes::{InvalidInput, VersionConflict, changing},
        scalars::Date,
    },
};

/// To whom an organisation belongs from a day on.
#[derive(InputObject)]
pub struct RecordMembershipChangeInput {
    /// Who moved.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// To whom it belongs now. A site can belong to a PCN, a sub-ICB and, as an
    /// exception, a training hub; a PCN to a sub-ICB; a sub-ICB to an ICB; an ICB to a
    /// region and a training hub; a training hub to a region.
    parent: OrganisationBy,
    /// The first day of it, after the beginning of the membership that it ends.
    from: Date,
}

/// What became of `recordMembershipChange`.
#[derive(Union)]
pub enum RecordMembershipChangePayload {
    MembershipChangeRecorded(MembershipChangeRecorded),
    InvalidInput(InvalidInput),
    VersionConflict(VersionConflict),
}

/// The change is recorded: the membership of that level held before ends where this
/// one begins, and placements follow.
#[derive(SimpleObject)]
pub struct MembershipChangeRecorded {
    /// The membership that it opened.
    membership: Membership,
}

#[derive(Default)]
pub struct RecordMembershipChangeMutation;

#[Object]
impl RecordMembershipChangeMutation {
    /// Records that an organisation moved: what was stays known. To rewrite what was
    /// recorded wrongly, use `correctMembership`.
    #[graphql(directive = access::apply(Action::RecordMembershipChange.into()))]
    async fn record_membership_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who moved, where, and when.")] input: RecordMembershipChangeInput,
    ) -> Result<Option<RecordMembershipChangePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordMembershipChange)?;
        let command = change::RecordMembershipChange {
            organisation: organisation_id(&input.id)?,
            expected_version: input.expected_version,
            parent: input.parent.read()?,
            from: input.from.0,
        };
        changing(ctx, change::record(viewer, permit, command).await, |id| {
            let row = memberships::find(viewer, id)?;
            let membership = Membership { row, day: viewer.today() };
            Some(MembershipChangeRecorded { membership }.into())
        })
    }
}
