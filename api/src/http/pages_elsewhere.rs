//! What browsers let pages of other origins do here: ask and read, where the origin is
//! allowed. No cookie of ours exists, so they bear a token as everybody does.

use actix_cors::Cors;
use actix_web::{
    http::header::{
        ACCEPT, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, RETRY_AFTER,
    },
    middleware::Condition,
};

use super::{budget, upload};
use crate::{config::Config, telemetry::REQUEST_ID};

/// For so long, in seconds, a browser need not ask again whether it may.
const REMEMBERED: usize = 600;

/// Tells browsers about the origins that are allowed, and of others nothing.
pub(super) fn pages_elsewhere(config: &Config) -> Condition<Cors> {
    let named = |names: &'static [&str]| names.iter().copied().map(HeaderName::from_static);
    let asked = [ACCEPT, AUTHORIZATION, CONTENT_TYPE].into_iter();
    let told = [CONTENT_DISPOSITION, RETRY_AFTER].into_iter();
    let nobody = Cors::default().block_on_origin_mismatch(false);
    let origins = config.allowed_origins.iter();
    let cors = origins
        .fold(nobody, |cors, origin| cors.allowed_origin(origin))
        .allowed_methods(["GET", "POST"])
        .allowed_headers(asked.chain(named(&upload::PREFLIGHT)).chain(named(&[REQUEST_ID])))
        .expose_headers(told.chain(named(&budget::HEADERS)).chain(named(&[REQUEST_ID])))
        .max_age(REMEMBERED);
    Condition::new(!config.allowed_origins.is_empty(), cors)
}
