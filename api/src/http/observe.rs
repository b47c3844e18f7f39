//! What is done around every request: its id, its line in the log, and the headers
//! that tell a browser to trust an answer with nothing.

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
        REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
    middleware::Next,
};

use super::unread;
use crate::telemetry::{Note, REQUEST_ID, RequestId, RequestLine};

const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const ALWAYS: [(HeaderName, HeaderValue); 3] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

pub async fn observe(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let from_caller = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let id = RequestId::taken_over(from_caller);
    let mut line = RequestLine::begin(id.clone(), request.method().as_str(), request.path());
    request.extensions_mut().insert(id.clone());
    let signs_in = request.headers().contains_key(AUTHORIZATION);

    let body = unread::share(&mut request);
    let mut response = unread::keep(body, next.call(request).await?);
    let note = response.request().extensions_mut().remove::<Note>().unwrap_or_default();
    line.answered(response.status().as_u16(), note);
    protect(response.headers_mut());
    if signs_in {
        response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    }
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), id);
    }
    Ok(response)
}

/// A page may ask for more than nothing; all else may not.
fn protect(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, NOTHING);
    }
}
