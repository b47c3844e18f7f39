//! `rotateApiClientSecret`: a new secret, while the old one is good for a while.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use chrono::{DateTime, Utc};

use super::{
    object::ApiClient,
    outcomes::{ApiClientConflict, declined},
};
use crate::{
    auth::action::Action,
    domain::api_clients::rotate,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which client, and how long its secret of now stays good.
#[derive(InputObject)]
pub struct RotateApiClientSecretInput {
    /// The client.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// For so many hours the old secret is good beside the new one, 0 to 168. Whatever is
    /// older than it ends at once.
    #[graphql(default_with = "rotate::OVERLAP")]
    overlap_hours: i32,
}

/// What became of `rotateApiClientSecret`.
#[derive(Union)]
pub enum RotateApiClientSecretPayload {
    ApiClientSecretRotated(ApiClientSecretRotated),
    InvalidInput(InvalidInput),
    ApiClientConflict(ApiClientConflict),
}

/// The client has a new secret.
#[derive(SimpleObject)]
pub struct ApiClientSecretRotated {
    /// The client.
    api_client: ApiClient,
    /// The new secret: shown here, once, and nowhere again.
    secret: String,
    /// Until when the one before it is good; null if there was none.
    previous_valid_until: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub struct RotateApiClientSecretMutation;

#[Object]
impl RotateApiClientSecretMutation {
    /// Gives a machine client a new secret: by the programme team, or the training hub's whose
    /// own it is. A client cannot do this for itself, because whoever has got hold of a token
    /// for some minutes would have a secret for good.
    #[graphql(directive = access::apply(Action::RotateApiClientSecret.into()))]
    async fn rotate_api_client_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] input: RotateApiClientSecretInput,
    ) -> Result<Option<RotateApiClientSecretPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RotateApiClientSecret)?;
        let command = rotate::RotateSecret {
            client: ids::read_as(&input.id, "ApiClient")?,
            expected_version: input.expected_version,
            overlap_hours: input.overlap_hours,
        };
        match rotate::rotate(viewer, permit, command).await {
            Ok(rotated) => {
                let rotated = ApiClientSecretRotated {
                    api_client: ApiClient::find(viewer, rotated.client).await?,
                    secret: rotated.secret.reveal().to_owned(),
                    previous_valid_until: rotated.previous_until,
                };
                Ok(Some(rotated.into()))
            }
            Err(why) => declined(ctx, why).await,
        }
    }
}
