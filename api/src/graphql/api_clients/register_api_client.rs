//! `registerApiClient`: a machine of a third party.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::{self, ApiGrantInput},
    object::ApiClient,
};
use crate::{
    auth::action::Action,
    domain::{api_clients::register, error::Declined, idempotency::IdempotencyKey},
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating},
        scalars::Slug,
    },
};

/// What is known of a machine client when it is registered.
#[derive(InputObject)]
pub struct RegisterApiClientInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer, without the secret, and does nothing twice.
    idempotency_key: ID,
    /// What it will call itself at the token endpoint; no other client can ever have it.
    client_id: Slug,
    /// What it is called.
    name: String,
    /// Whom to write to about it.
    contact: String,
    /// The public keys that it signs assertions with: a JSON Web Key Set of RSA keys (for
    /// RS512) and EC keys on P-256 (for ES256), each with its `kid`.
    jwks: Option<String>,
    /// Whether to give it a secret; needed where it has no keys.
    #[graphql(default)]
    secret: bool,
    /// What it is granted.
    grants: Vec<ApiGrantInput>,
}

/// What became of `registerApiClient`.
#[derive(Union)]
pub enum RegisterApiClientPayload {
    ApiClientRegistered(ApiClientRegistered),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// The client is registered, and can get tokens.
#[derive(SimpleObject)]
pub struct ApiClientRegistered {
    /// The client.
    api_client: ApiClient,
    /// Its secret, if it was to have one. It is shown here, once, and nowhere again: lost,
    /// it is replaced by `rotateApiClientSecret`.
    secret: Option<String>,
}

#[derive(Default)]
pub struct RegisterApiClientMutation;

#[Object]
impl RegisterApiClientMutation {
    /// Registers a machine of a third party, with what it may do and where.
    #[graphql(directive = access::apply(Action::RegisterApiClient.into()))]
    async fn register_api_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client.")] input: RegisterApiClientInput,
    ) -> Result<Option<RegisterApiClientPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterApiClient)?;
        let key = input.idempotency_key.to_string();
        let command = register::RegisterApiClient {
            code: input.client_id.0,
            name: input.name,
            contact: input.contact,
            jwks: input.jwks,
            secret: input.secret,
            grants: input::read(input.grants)?,
        };
        let done = match IdempotencyKey::new(&key, "registerApiClient", &format!("{command:?}")) {
            Ok(key) => register::register(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        let done = match done {
            Ok((id, secret)) => {
                let api_client = ApiClient::find(viewer, id).await?;
                let secret = secret.map(|secret| secret.reveal().to_owned());
                Ok(ApiClientRegistered { api_client, secret })
            }
            Err(declined) => Err::<_, Declined>(declined),
        };
        creating(done, |registered| Some(registered.into()))
    }
}
