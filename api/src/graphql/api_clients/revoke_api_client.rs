//! `revokeApiClient`: its access ends, for good.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::ApiClient,
    outcomes::{ApiClientConflict, declined},
};
use crate::{
    auth::action::Action,
    domain::api_clients::revoke,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which client.
#[derive(InputObject)]
pub struct RevokeApiClientInput {
    /// The client.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `revokeApiClient`.
#[derive(Union)]
pub enum RevokeApiClientPayload {
    ApiClientRevoked(ApiClientRevoked),
    InvalidInput(InvalidInput),
    ApiClientConflict(ApiClientConflict),
}

/// The client gets no more tokens, and those that it has are refused.
#[derive(SimpleObject)]
pub struct ApiClientRevoked {
    /// The client.
    api_client: ApiClient,
}

#[derive(Default)]
pub struct RevokeApiClientMutation;

#[Object]
impl RevokeApiClientMutation {
    /// Takes a machine client's access away, within a second and for good: by the programme
    /// team, or the training hub's whose own it is.
    #[graphql(directive = access::apply(Action::RevokeApiClient.into()))]
    async fn revoke_api_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] input: RevokeApiClientInput,
    ) -> Result<Option<RevokeApiClientPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RevokeApiClient)?;
        let command = revoke::RevokeApiClient {
            client: ids::read_as(&input.id, "ApiClient")?,
            expected_version: input.expected_version,
        };
        match revoke::revoke(viewer, permit, command).await {
            Ok(id) => {
                let api_client = ApiClient::find(viewer, id).await?;
                Ok(Some(ApiClientRevoked { api_client }.into()))
            }
            Err(why) => declined(ctx, why).await,
        }
    }
}
