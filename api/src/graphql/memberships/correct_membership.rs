//! `correctMembership`: what was recorded wrongly is put right.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject, Union};

use crate::{
    auth::action::Action,
    domain::memberships::{self, correct},
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::{by::OrganisationBy, parts::Membership, seen::viewer},
        outcomes::{InvalidInput, VersionConflict, changing},
        scalars::Date,
    },
};

/// What a membership should have said; what is left out stays as it is.
#[derive(InputObject)]
pub struct CorrectMembershipInput {
    /// The membership.
    id: ID,
    /// The version that you read, of the organisation whose membership it is.
    expected_version: i32,
    /// To whom it belonged, of the same kind as before.
    parent: Option<OrganisationBy>,
    /// The first day of it.
    from: Option<Date>,
    /// The first day on which it no longer held; null leaves the end open.
    to: MaybeUndefined<Date>,
}

/// What became of `correctMembership`.
#[derive(Union)]
pub enum CorrectMembershipPayload {
    MembershipCorrected(MembershipCorrected),
    InvalidInput(InvalidInput),
    VersionConflict(VersionConflict),
}

/// The membership is corrected, and placements follow.
#[derive(SimpleObject)]
pub struct MembershipCorrected {
    /// The membership as it now is.
    membership: Membership,
}

#[derive(Default)]
pub struct CorrectMembershipMutation;

#[Object]
impl CorrectMembershipMutation {
    /// Corrects a membership that was recorded wrongly; the history keeps that it was.
    /// To record that an organisation moved, use `recordMembershipChange`.
    #[graphql(directive = access::apply(Action::CorrectMembership.into()))]
    async fn correct_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which membership, and what it should have said.")]
        input: CorrectMembershipInput,
    ) -> Result<Option<CorrectMembershipPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::CorrectMembership)?;
        let command = correct::CorrectMembership {
            membership: ids::read_as(&input.id, "Membership")?,
            expected_version: input.expected_version,
            parent: input.parent.map(OrganisationBy::read).transpose()?,
            from: input.from.map(|date| date.0),
            to: match input.to {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(date) => Some(Some(date.0)),
            },
        };
        changing(ctx, correct::correct(viewer, permit, command).await, |id| {
            let row = memberships::find(viewer, id)?;
            let membership = Membership { row, day: viewer.today() };
            Some(MembershipCorrected { membership }.into())
        })
    }
}
