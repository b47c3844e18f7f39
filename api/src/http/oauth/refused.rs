//! Why no token is given, as RFC 6749 (section 5.2) spells it.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{ALLOW, CACHE_CONTROL, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use serde_json::json;

use crate::http::fault::Fault;

/// A refusal with its status and its headers. No sentence repeats anything that was sent.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    /// Whether the client tried the header `authorization`, and is told how that is done.
    challenged: bool,
    retry_after: Option<u64>,
}

impl Refused {
    const fn new(status: StatusCode, error: &'static str, description: &'static str) -> Self {
        Self { status, error, description, challenged: false, retry_after: None }
    }

    pub(super) fn request(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    pub(super) fn grant_type() -> Self {
        let description = "the grant type here is client_credentials";
        Self::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", description)
    }

    pub(super) fn scope(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_scope", description)
    }

    /// The same for every proof that does not hold, whatever is wrong with it.
    pub(super) fn client(challenged: bool) -> Self {
        let description = "the client is not known, or its proof does not hold";
        let refused = Self::new(StatusCode::UNAUTHORIZED, "invalid_client", description);
        Self { challenged, ..refused }
    }

    pub(super) fn slow_down(seconds: u64) -> Self {
        let description = "too many requests for tokens: keep each until it expires";
        let refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "slow_down", description);
        Self { retry_after: Some(seconds.max(1)), ..refused }
    }

    pub(super) fn unavailable() -> Self {
        let description = "the service cannot answer now; please try again";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let refused = Self::new(status, "temporarily_unavailable", description);
        Self { retry_after: Some(2), ..refused }
    }

    pub(super) fn broken() -> Self {
        let description = "the fault is ours";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description)
    }

    /// Nobody gave this service a key to sign tokens with.
    pub(super) fn off() -> Self {
        let description = "this service issues no tokens: it has no signing_key_file";
        Self::new(StatusCode::NOT_FOUND, "invalid_request", description)
    }

    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", "the method here is POST")
    }

    /// A body that is too large, or does not come.
    pub(super) fn body(fault: &Fault) -> Self {
        let description = "the body is too large, or came too slowly, or broke off";
        Self::new(fault.status(), "invalid_request", description)
    }

    pub(super) fn answer(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header((ALLOW, "POST"));
        }
        if self.challenged {
            response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"token\", charset=\"UTF-8\""));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        let (error, description) = (self.error, self.description);
        fresh(&mut response).json(json!({ "error": error, "error_description": description }))
    }
}

/// Keeps an answer out of every cache.
pub(super) fn fresh(response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"))
}
