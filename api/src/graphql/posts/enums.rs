//! The words of posts.

use async_graphql::Enum;
use entity::post;

/// Who pays for a post.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "post::Funding")]
pub enum PostFunding {
    /// The practice itself.
    Practice,
    /// The Additional Roles Reimbursement Scheme.
    Arrs,
    /// The training hub.
    TrainingHub,
    /// The integrated care board.
    Icb,
    /// Somebody else.
    Other,
}

/// Why a post ended; coded, so that nothing is written of anybody's health.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "post::EndReason")]
pub enum PostEndReason {
    /// The person took up another post.
    MovedToAnotherPost,
    /// The person left the NHS.
    LeftTheNhs,
    /// The person retired.
    Retired,
    /// There was no more money for it.
    FundingEnded,
    /// The contract ran out.
    ContractEnded,
    /// Another reason.
    Other,
}
