//! The outer form of a token: three parts, and a header that says very little.
//!
//! A header member that is not understood is refused, although RFC 7515 would ignore
//! it: those that exist name keys to fetch or trust (`jku`, `jwk`, `x5u`, `x5c`), change
//! what is signed (`b64`, `zip`) or nest a token in a token (`cty`).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Part, TokenRefused};
use crate::auth::{
    json::{self, JsonRefused, Object},
    keys::{AccessTokenType, Algorithm},
};

const LONGEST_TOKEN: usize = 8 * 1024;
const LONGEST_HEADER: usize = 1024;
const APPLICATION: &[u8] = b"application/";

/// Header members with a meaning elsewhere; named in the log when one is refused.
const FOREIGN_MEMBERS: [&str; 13] = [
    "crit", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "zip", "b64", "cty", "enc", "url",
    "nonce",
];

/// A token taken apart and not yet believed.
pub(super) struct Compact<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) kid: String,
    /// What it says that it is; whether that is right is for its issuer's settings to say.
    pub(super) typ: Option<String>,
    pub(super) claims: Object,
    /// The header and the claims as they were sent, which is what is signed.
    pub(super) signed: &'a [u8],
    pub(super) signature: Vec<u8>,
}

/// The first check of all, before any work that grows with the token.
pub(super) fn check_length(bearer: &str) -> Result<(), TokenRefused> {
    if bearer.len() > LONGEST_TOKEN { Err(TokenRefused::TooLong) } else { Ok(()) }
}

impl<'a> Compact<'a> {
    pub(super) fn read(bearer: &'a str) -> Result<Self, TokenRefused> {
        check_length(bearer)?;
        let mut parts = bearer.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenRefused::NotThreeParts);
        };
        if header.len() > LONGEST_HEADER {
            return Err(TokenRefused::TooLong);
        }
        let signed = &bearer.as_bytes()[..header.len() + 1 + claims.len()];
        let header = object(header, Part::Header)?;
        let (algorithm, kid, typ) = read_header(&header)?;
        Ok(Self {
            algorithm,
            kid,
            typ,
            claims: object(claims, Part::Claims)?,
            signed,
            signature: decode(signature, Part::Signature)?,
        })
    }
}

fn read_header(header: &Object) -> Result<(Algorithm, String, Option<String>), TokenRefused> {
    let ours = |name: &str| matches!(name, "alg" | "typ" | "kid");
    if let Some(name) = header.keys().find(|name| !ours(name)) {
        let known = FOREIGN_MEMBERS.into_iter().find(|foreign| foreign == name);
        return Err(TokenRefused::HeaderMember(known.unwrap_or("unknown")));
    }
    let typ = match header.get("typ") {
        None => None,
        Some(Value::String(typ)) => Some(typ.clone()),
        Some(_) => return Err(TokenRefused::Type),
    };
    let algorithm = header.get("alg").and_then(Value::as_str).and_then(Algorithm::named);
    let algorithm = algorithm.ok_or(TokenRefused::ForbiddenAlgorithm)?;
    match header.get("kid") {
        Some(Value::String(kid)) => Ok((algorithm, kid.clone(), typ)),
        _ => Err(TokenRefused::NoKey),
    }
}

/// Whether a header's `typ` is that media type: they are compared without case, and
/// `application/` may be left out (RFC 7515, section 4.1.9).
fn is_type(typ: &str, wanted: &str) -> bool {
    let typ = typ.as_bytes();
    let plain = typ.split_at_checked(APPLICATION.len());
    let plain = plain.filter(|(before, _)| before.eq_ignore_ascii_case(APPLICATION));
    plain.map_or(typ, |(_, name)| name).eq_ignore_ascii_case(wanted.as_bytes())
}

/// An access token says so (RFC 9068, section 4), unless its issuer is known not to.
pub(super) fn check_access_token(
    typ: Option<&str>,
    wanted: AccessTokenType,
) -> Result<(), TokenRefused> {
    let marked = typ.is_some_and(|typ| is_type(typ, "at+jwt"));
    let right = match wanted {
        AccessTokenType::AtJwt => marked,
        AccessTokenType::Jwt => marked || typ.is_none_or(|typ| is_type(typ, "JWT")),
    };
    if right { Ok(()) } else { Err(TokenRefused::Type) }
}

/// An assertion may say that it is one; it may not say that it is an access token.
pub(super) fn check_assertion(typ: Option<&str>) -> Result<(), TokenRefused> {
    let right =
        typ.is_none_or(|typ| is_type(typ, "JWT") || is_type(typ, "client-authentication+jwt"));
    if right { Ok(()) } else { Err(TokenRefused::Type) }
}

fn object(text: &str, part: Part) -> Result<Object, TokenRefused> {
    json::object(&decode(text, part)?).map_err(|refused| match refused {
        JsonRefused::RepeatedMember => TokenRefused::RepeatedMember(part),
        JsonRefused::Malformed | JsonRefused::NotAnObject => TokenRefused::NotJson(part),
    })
}

/// Strict: no padding, and no stray bits after the last byte, so that no two texts
/// are one token.
fn decode(text: &str, part: Part) -> Result<Vec<u8>, TokenRefused> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenRefused::Encoding(part))
}
