//! A request that is answered with an error and nothing else.
//!
//! Whatever went wrong, and wherever, the body has the shape of a GraphQL answer, so
//! that a client needs one way of reading errors.

use std::borrow::Cow;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use async_graphql::ServerError;
use serde_json::json;

use super::negotiate::Media;
use crate::{
    graphql::refusal::{Code, Refusal},
    telemetry::RequestId,
};

/// An error with its HTTP status.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    refusal: Refusal,
    /// The methods that would have been right.
    allow: Option<&'static str>,
}

impl Fault {
    pub(super) fn new(
        status: StatusCode,
        code: Code,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, refusal: Refusal::new(code, message), allow: None }
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
    }

    pub(super) fn unsupported(message: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, message)
    }

    /// From a page of an origin that is not allowed.
    pub(super) fn foreign() -> Self {
        let message = "Pages of that origin may not follow what happens here.";
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, message)
    }

    pub(super) fn not_acceptable() -> Self {
        let message = "Answers are application/graphql-response+json or application/json, and \
                       text/event-stream.";
        Self::new(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "There is nothing here.")
    }

    pub(super) fn method_not_allowed(allow: &'static str) -> Self {
        let message = format!("The methods here are {allow}.");
        let fault = Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, message);
        Self { allow: Some(allow), ..fault }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("The body is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BadRequest, message)
    }

    pub(super) fn too_slow() -> Self {
        let message = "The body did not arrive in time.";
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::Timeout, message)
    }

    pub(super) fn bad_token(message: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message)
    }

    pub(super) fn unavailable() -> Self {
        let message = "The service cannot answer now; please try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message)
    }

    /// A refusal by the engine. Where the answer is plain JSON, the status 200 says that
    /// GraphQL was reached, unless the fault is ours.
    pub(super) fn refused(refusal: Refusal, media: Media) -> Self {
        let status = match (refusal.code, media) {
            (Code::Internal, _) => StatusCode::INTERNAL_SERVER_ERROR,
            (Code::Timeout, _) => StatusCode::GATEWAY_TIMEOUT,
            (Code::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
            (Code::RateLimited, _) => StatusCode::TOO_MANY_REQUESTS,
            (_, Media::Json) => StatusCode::OK,
            (Code::Forbidden, Media::Response) => StatusCode::FORBIDDEN,
            (_, Media::Response) => StatusCode::BAD_REQUEST,
        };
        Self { status, refusal, allow: None }
    }

    /// A refusal beside GraphQL, where the status says what it is.
    pub(super) fn of(refusal: Refusal) -> Self {
        let status = match refusal.code {
            Code::BadRequest | Code::TooComplex => StatusCode::BAD_REQUEST,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, refusal, allow: None }
    }

    /// What is wrong, in words.
    pub(super) fn sentence(&self) -> &str {
        &self.refusal.message
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn answer(self, media: Media, request_id: &RequestId) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CONTENT_TYPE, media.content_type()));
        if let Some(allow) = self.allow {
            response.insert_header((ALLOW, allow));
        }
        match self.refusal.code {
            Code::Unauthenticated => {
                response.insert_header((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
            }
            Code::Unavailable | Code::RateLimited => {
                let seconds = self.refusal.retry_after.unwrap_or(2).to_string();
                response.insert_header((RETRY_AFTER, seconds));
            }
            _ => {}
        }
        let mut error = ServerError::from(self.refusal);
        error.extensions.get_or_insert_default().set("requestId", request_id.as_str());
        response.body(json!({ "errors": [error] }).to_string())
    }
}
