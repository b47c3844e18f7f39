//! From which pages browsers may follow what happens.
//!
//! A browser opens a WebSocket, or an event stream, for any page without asking us first,
//! but says which page it is. No cookie of ours could sign anybody in, and still a page
//! that nobody here knows is refused: it would reach whatever its visitor's network does.

use actix_web::http::header::{HeaderMap, ORIGIN};
use reqwest::Url;

use crate::config::Config;

/// Whether the request comes from a page of ours, of an origin that is allowed, or from no
/// page at all.
pub(in crate::http) fn is_allowed(headers: &HeaderMap, config: &Config) -> bool {
    let mut origins = headers.get_all(ORIGIN);
    let (Some(origin), None) = (origins.next(), origins.next()) else {
        return !headers.contains_key(ORIGIN);
    };
    let own = Url::parse(&config.public_url).map(|url| url.origin().ascii_serialization());
    let known = own.iter().chain(&config.allowed_origins);
    known.into_iter().any(|known| origin.as_bytes() == known.as_bytes())
}
