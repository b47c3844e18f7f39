//! `POST /oauth2/token` and the documents beside it: machine clients prove who they are,
//! with a key (RFC 7523) or a secret, and get a token for a few minutes (RFC 6749,
//! section 4.4).
//!
//! Every refusal of a proof is one and the same, whether the client is unknown, revoked,
//! or wrong: the log tells them apart, and holds nothing of what was sent.

mod documents;
mod proof;
mod refused;
mod request;
mod throttle;

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest, HttpResponse,
    http::Method,
    web::{Data, Payload},
};
use chrono::TimeDelta;
use serde_json::json;

pub(super) use self::{
    documents::{key_set, metadata},
    throttle::Throttle,
};
use self::{
    proof::Proof,
    refused::{Refused, fresh},
    request::Asked,
};
use super::{Door, body, request_id};
use crate::{
    app::App,
    auth::{
        actor::{Role, Scope},
        token::TokenRequest,
    },
    domain::{api_clients, api_clients::ApiClient, viewer::Viewer},
    ids::OrganisationCode,
};

/// How long a token is good.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Room for an assertion signed by the largest key.
const LARGEST: usize = 16 * 1024;

/// `POST /oauth2/token`
pub(super) async fn token(
    request: HttpRequest,
    payload: Payload,
    door: Data<Door>,
) -> HttpResponse {
    match exchange(&request, payload, &door).await {
        Ok(answer) => answer,
        Err(refused) => refused.answer(),
    }
}

async fn exchange(
    request: &HttpRequest,
    payload: Payload,
    door: &Door,
) -> Result<HttpResponse, Refused> {
    if *request.method() != Method::POST {
        return Err(Refused::method());
    }
    let app = &door.app;
    if app.tokens().public_set().is_none() {
        return Err(Refused::off());
    }
    door.throttle.address(request, app.config.trusted_proxies)?;
    let read = body::read(request.headers(), payload, LARGEST, app.config.body_deadline).await;
    let body = read.map_err(|fault| Refused::body(&fault))?;
    let asked = Asked::read(request.headers(), &body)?;
    let viewer = app.public(request_id(request).as_str());
    let client = proof::check(app, &viewer, &asked.proof).await.inspect_err(|_| {
        tracing::info!(by = asked.proof.word(), "a machine client was refused");
    })?;
    door.throttle.client(client.row.id)?;
    let scopes = scopes(&client, asked.scope.as_deref())?;
    answer(app, &viewer, &client, scopes)
}

/// What is asked for, which may be less than what is granted and never more.
fn scopes(client: &ApiClient, asked: Option<&str>) -> Result<BTreeSet<Scope>, Refused> {
    let granted = client.grants.scopes();
    let scopes: Option<BTreeSet<Scope>> = match asked {
        None => Some(granted.clone()),
        Some(asked) => asked.split(' ').map(Scope::named).collect(),
    };
    let scopes = scopes.ok_or_else(|| Refused::scope("a scope is none of this service's"))?;
    if scopes.is_empty() {
        return Err(Refused::scope("the client is granted nothing"));
    }
    if scopes.is_subset(&granted) {
        Ok(scopes)
    } else {
        Err(Refused::scope("a scope is not granted to the client"))
    }
}

fn answer(
    app: &App,
    viewer: &Viewer,
    client: &ApiClient,
    scopes: BTreeSet<Scope>,
) -> Result<HttpResponse, Refused> {
    let code = &client.row.code;
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let names = names.join(" ");
    let organisation: OrganisationCode =
        format!("client:{code}").parse().map_err(|_| Refused::broken())?;
    let (role, subject) = (Role::Integrator, code.clone());
    let request = TokenRequest { role, organisation, subject, scopes, lifetime: LIFETIME };
    let token = app.tokens().issue_to_client(&request, viewer.time_outside()).map_err(|error| {
        tracing::error!(%error, "a machine client's token was not signed");
        Refused::broken()
    })?;
    api_clients::was_here(viewer, client.row.id);
    Ok(fresh(&mut HttpResponse::Ok()).json(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": LIFETIME.num_seconds(),
        "scope": names,
    })))
}

impl Proof {
    /// How a client tried to prove who it is, for the log.
    fn word(&self) -> &'static str {
        match self {
            Self::Assertion { .. } => "private_key_jwt",
            Self::Secret { basic: true, .. } => "client_secret_basic",
            Self::Secret { basic: false, .. } => "client_secret_post",
        }
    }
}
