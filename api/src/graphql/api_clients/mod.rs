//! Machine clients: registering, changing, rotating, revoking and finding them.

pub mod change_api_client;
pub mod input;
pub mod object;
pub mod outcomes;
pub mod queries;
pub mod register_api_client;
pub mod revoke_api_client;
pub mod rotate_api_client_secret;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct ApiClientMutations(
    register_api_client::RegisterApiClientMutation,
    change_api_client::ChangeApiClientMutation,
    rotate_api_client_secret::RotateApiClientSecretMutation,
    revoke_api_client::RevokeApiClientMutation,
);
