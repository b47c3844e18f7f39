//! `changeApiClient`: what it is called, signs with, and is granted.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::{self, ApiGrantInput, ClientDocuments},
    object::ApiClient,
    outcomes::{ApiClientConflict, declined},
};
use crate::{
    auth::action::Action,
    domain::api_clients::change,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// What becomes another; whatever is left out stays as it is.
#[derive(InputObject)]
pub struct ChangeApiClientInput {
    /// The client.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What it is called.
    name: Option<String>,
    /// Whom to write to about it.
    contact: Option<String>,
    /// All keys that it signs with from now on: to change a key, send the old and the new
    /// one, and later the new one alone.
    jwks: Option<String>,
    /// All that it is granted from now on.
    grants: Option<Vec<ApiGrantInput>>,
    /// The cost that it may spend in a minute from now on; 0: as everybody.
    cost_per_minute: Option<i32>,
    /// Which documents it may send from now on. Begin with REPORT, register what is then
    /// listed, and go on to REGISTERED.
    documents: Option<ClientDocuments>,
}

/// What became of `changeApiClient`.
#[derive(Union)]
pub enum ChangeApiClientPayload {
    ApiClientChanged(ApiClientChanged),
    InvalidInput(InvalidInput),
    ApiClientConflict(ApiClientConflict),
}

/// The client is as it was sent; requests with tokens of before are judged by it too.
#[derive(SimpleObject)]
pub struct ApiClientChanged {
    /// The client.
    api_client: ApiClient,
}

#[derive(Default)]
pub struct ChangeApiClientMutation;

#[Object]
impl ChangeApiClientMutation {
    /// Changes a machine client; what it is granted no longer ends within a second.
    #[graphql(directive = access::apply(Action::RegisterApiClient.into()))]
    async fn change_api_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client, and what becomes another.")] input: ChangeApiClientInput,
    ) -> Result<Option<ChangeApiClientPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterApiClient)?;
        let command = change::ChangeApiClient {
            client: ids::read_as(&input.id, "ApiClient")?,
            expected_version: input.expected_version,
            name: input.name,
            contact: input.contact,
            jwks: input.jwks,
            grants: input.grants.map(input::read).transpose()?,
            cost_per_minute: input.cost_per_minute,
            documents: input.documents.map(Into::into),
        };
        match change::change(viewer, permit, command).await {
            Ok(id) => {
                let api_client = ApiClient::find(viewer, id).await?;
                Ok(Some(ApiClientChanged { api_client }.into()))
            }
            Err(why) => declined(ctx, why).await,
        }
    }
}
