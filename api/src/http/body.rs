//! Reads a request's body within a size and a time.

use std::time::Duration;

use actix_web::{
    http::header::{CONTENT_LENGTH, HeaderMap},
    web::{BytesMut, Payload},
};
use futures_util::StreamExt;

use super::fault::Fault;

/// The whole body. The deadline is for all of it: a client that sends a byte now and
/// then is not waited for.
pub(super) async fn read(
    headers: &HeaderMap,
    payload: Payload,
    most: usize,
    deadline: Duration,
) -> Result<BytesMut, Fault> {
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > most as u64) {
        return Err(Fault::too_large(most));
    }
    match tokio::time::timeout(deadline, collect(payload, most)).await {
        Ok(collected) => collected,
        Err(_) => Err(Fault::too_slow()),
    }
}

async fn collect(mut payload: Payload, most: usize) -> Result<BytesMut, Fault> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Fault::bad_request("The body broke off."))?;
        if body.len() + chunk.len() > most {
            return Err(Fault::too_large(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
