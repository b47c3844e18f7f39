//! What others may know of how tokens are issued here: RFC 8414, and the public key.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Data,
};
use serde_json::{Value, json};

use super::refused::Refused;
use crate::{auth::actor::Scope, http::Door};

/// `GET /.well-known/jwks.json`
pub(in crate::http) async fn key_set(door: Data<Door>) -> HttpResponse {
    match door.app.tokens().public_set() {
        Some(set) => document(set),
        None => Refused::off().answer(),
    }
}

/// `GET /.well-known/oauth-authorization-server`
pub(in crate::http) async fn metadata(door: Data<Door>) -> HttpResponse {
    if door.app.tokens().public_set().is_none() {
        return Refused::off().answer();
    }
    let config = &door.app.config;
    document(&json!({
        "issuer": config.public_url,
        "token_endpoint": Door::token_endpoint(config),
        "jwks_uri": format!("{}/.well-known/jwks.json", config.public_url),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": Scope::ALL.map(Scope::name),
        "token_endpoint_auth_methods_supported":
            ["private_key_jwt", "client_secret_basic", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS512", "ES256"],
    }))
}

fn document(content: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(content.to_string())
}
