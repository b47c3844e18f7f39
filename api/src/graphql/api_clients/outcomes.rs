//! What commands about machine clients can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::object::ApiClient;
use crate::{
    domain::error::Declined,
    graphql::{
        error::Result,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
};

/// Somebody changed the client since you read it; nothing was changed. Read it again, and
/// send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct ApiClientConflict {
    /// The client as it is now.
    current: ApiClient,
}

/// What a command came to, if it did not succeed.
pub async fn declined<P>(ctx: &Context<'_>, declined: Declined) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<ApiClientConflict>,
{
    match declined {
        Declined::Invalid(problems) => Ok(Some(invalid(problems))),
        Declined::VersionConflict(id) => {
            let current = ApiClient::find(viewer(ctx), id).await?;
            Ok(Some(ApiClientConflict { current }.into()))
        }
        Declined::Failed(failure) => Err(failure.into()),
        Declined::KeyReused => Err(Refusal::internal()),
    }
}
