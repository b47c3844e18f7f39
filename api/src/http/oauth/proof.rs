//! Whether a proof holds: of a key's possession, once, or of a secret.

use std::sync::Arc;

use super::refused::Refused;
use crate::{
    app::App,
    auth::{
        secret::{NotHashed, Secret},
        token::Assertion,
    },
    domain::{
        api_clients::{self, ApiClient, assertions},
        error::Failure,
        viewer::Viewer,
    },
    http::Door,
};

/// How a client says who it is.
pub(super) enum Proof {
    Assertion {
        assertion: String,
        /// The parameter `client_id`, which must then be right too.
        client: Option<String>,
    },
    Secret {
        client: String,
        secret: String,
        basic: bool,
    },
}

/// The client, if it is one that may come, and the proof is its own.
pub(super) async fn check(
    app: &App,
    viewer: &Viewer,
    proof: &Proof,
) -> Result<Arc<ApiClient>, Refused> {
    match proof {
        Proof::Assertion { assertion, client } => {
            by_assertion(app, viewer, assertion, client.as_deref()).await
        }
        Proof::Secret { client, secret, basic } => {
            by_secret(app, viewer, client, secret, *basic).await
        }
    }
}

async fn by_assertion(
    app: &App,
    viewer: &Viewer,
    text: &str,
    sent: Option<&str>,
) -> Result<Arc<ApiClient>, Refused> {
    let refused = || Refused::client(false);
    let endpoint = Door::token_endpoint(&app.config);
    let assertion = Assertion::read(text, &endpoint, viewer.time_outside()).map_err(|why| {
        tracing::info!(reason = why.reason(), "an assertion was refused");
        refused()
    })?;
    if sent.is_some_and(|sent| sent != assertion.client()) {
        return Err(refused());
    }
    let client = api_clients::active(viewer, assertion.client());
    let key = client.as_ref().and_then(|client| client.key(assertion.kid()));
    app.tokens().check_assertion(&assertion, key).map_err(|why| {
        tracing::info!(reason = why.reason(), "an assertion was refused");
        refused()
    })?;
    let client = client.ok_or_else(refused)?;
    let until = assertion.refused_from();
    match assertions::spend(viewer, client.row.id, assertion.jti(), until).await {
        Ok(true) => Ok(client),
        Ok(false) => {
            tracing::warn!(client = client.row.code, "an assertion was sent again");
            Err(refused())
        }
        Err(Failure::Unavailable(_)) => Err(Refused::unavailable()),
        Err(failure) => {
            tracing::error!(?failure, "an assertion could not be spent");
            Err(Refused::broken())
        }
    }
}

/// One hash is worked out for every secret that has a secret's shape, whoever sends it.
async fn by_secret(
    app: &App,
    viewer: &Viewer,
    code: &str,
    secret: &str,
    basic: bool,
) -> Result<Arc<ApiClient>, Refused> {
    let secret = Secret::read(secret).ok_or_else(|| Refused::client(basic))?;
    let client = api_clients::active(viewer, code);
    let good = client.as_ref().map(|client| client.good_secrets(viewer.time_outside()));
    let row = good.into_iter().flatten().find(|row| row.hint == secret.hint());
    let hash = row.map(|row| row.hash.as_str());
    let matches = app.store.hasher().matches(&secret, hash).await.map_err(|why| match why {
        NotHashed::Busy => Refused::slow_down(1),
        NotHashed::Broken => Refused::broken(),
    })?;
    client.filter(|_| matches).ok_or_else(|| Refused::client(basic))
}
