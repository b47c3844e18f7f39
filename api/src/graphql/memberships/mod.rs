//! Commands about memberships.

pub mod correct_membership;
pub mod record_membership_change;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct MembershipMutations(
    record_membership_change::RecordMembershipChangeMutation,
    correct_membership::CorrectMembershipMutation,
);
