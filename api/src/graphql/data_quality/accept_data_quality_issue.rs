//! `acceptDataQualityIssue`: somebody looked, and it is as it should be.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::issue::DataQualityIssue;
use crate::{
    auth::action::Action,
    domain::{data_quality::accept, idempotency::IdempotencyKey},
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
    },
};

/// Which issue is none, and why.
#[derive(InputObject)]
pub struct AcceptDataQualityIssueInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the
    /// same input, it gives the same answer and accepts nothing twice.
    idempotency_key: ID,
    /// The issue's `key`, as `dataQuality` gave it.
    key: ID,
    /// Why it is as it should be, in 8 to 500 characters.
    reason: String,
}

/// What became of `acceptDataQualityIssue`.
#[derive(Union)]
pub enum AcceptDataQualityIssuePayload {
    DataQualityIssueAccepted(DataQualityIssueAccepted),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The issue is accepted.
#[derive(SimpleObject)]
pub struct DataQualityIssueAccepted {
    /// The issue; null if it was fixed since.
    issue: Option<DataQualityIssue>,
}

#[derive(Default)]
pub struct AcceptDataQualityIssueMutation;

#[Object]
impl AcceptDataQualityIssueMutation {
    /// Says of something that looks wrong that it is as it should be, and why. It holds for
    /// that very issue: a figure that is recorded anew is looked at anew.
    #[graphql(directive = access::apply(Action::AcceptDataQualityIssue.into()))]
    async fn accept_data_quality_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which issue, and why.")] input: AcceptDataQualityIssueInput,
    ) -> Result<Option<AcceptDataQualityIssuePayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::AcceptDataQualityIssue)?;
        let key = input.idempotency_key.to_string();
        let command = accept::AcceptIssue { key: input.key.to_string(), reason: input.reason };
        let key = IdempotencyKey::new(&key, "acceptDataQualityIssue", &format!("{command:?}"));
        let done = match key {
            Ok(key) => accept::accept(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        let issue = match &done {
            Ok(acceptance) => accept::accepted(viewer, *acceptance).await?,
            Err(_) => None,
        };
        creating(done, |_| {
            Some(DataQualityIssueAccepted { issue: issue.map(DataQualityIssue) }.into())
        })
    }
}
