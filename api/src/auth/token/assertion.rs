//! A machine client's proof of who it is: a token that it signed itself, for our token
//! endpoint alone, good for a few minutes and once (RFC 7523; the NHS API platform's way).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{
    TokenRefused,
    claims::{LEEWAY, text, time},
    compact::{self, Compact},
};
use crate::auth::keys::{VerificationKey, nobodys};

/// How far `exp` may lie ahead.
const LONGEST: TimeDelta = TimeDelta::minutes(5);

/// The claims that an assertion can have.
const READ: [&str; 7] = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti"];

/// An assertion that says all it must, and is yet to be verified.
pub struct Assertion<'a> {
    token: Compact<'a>,
    client: String,
    jti: String,
    expires_at: DateTime<Utc>,
}

impl<'a> Assertion<'a> {
    /// Reads an assertion for that endpoint. Nothing of it may be believed before
    /// [`Tokens::check_assertion`](super::Tokens::check_assertion) says so.
    pub fn read(text: &'a str, endpoint: &str, now: DateTime<Utc>) -> Result<Self, TokenRefused> {
        let token = Compact::read(text)?;
        compact::check_assertion(token.typ.as_deref())?;
        let claims = &token.claims;
        let client = self::text(claims, "iss", "iss")?.to_owned();
        if self::text(claims, "sub", "sub")? != client {
            return Err(TokenRefused::NotOfOneClient);
        }
        let ours = match claims.get("aud") {
            None => return Err(TokenRefused::Missing("aud")),
            Some(Value::String(one)) => one == endpoint,
            Some(Value::Array(one)) => matches!(&one[..], [Value::String(one)] if one == endpoint),
            Some(_) => return Err(TokenRefused::Mistyped("aud")),
        };
        if !ours {
            return Err(TokenRefused::Audience);
        }
        let jti = self::text(claims, "jti", "jti")?.to_owned();
        let expires_at = check_times(&token, now)?;
        if !claims.keys().all(|name| READ.contains(&name.as_str())) {
            return Err(TokenRefused::UnknownClaim);
        }
        Ok(Self { token, client, jti, expires_at })
    }

    /// The client that it claims to be of.
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The name of the key that it claims to be signed with.
    pub fn kid(&self) -> &str {
        &self.token.kid
    }

    /// What makes it good once.
    pub fn jti(&self) -> &str {
        &self.jti
    }

    /// From when on it is refused for its age.
    pub fn refused_from(&self) -> DateTime<Utc> {
        self.expires_at + LEEWAY
    }

    /// Whether the key signed it, with the key's own algorithm. Where there is no such key, a
    /// signature is checked nevertheless: how long it takes tells nothing of who is known.
    pub(super) fn is_signed_by(&self, key: Option<&VerificationKey>) -> Result<(), TokenRefused> {
        let suitable = match key {
            Some(key) if key.algorithm == self.token.algorithm => Ok(key),
            Some(_) => Err(TokenRefused::AlgorithmOfKey),
            None => Err(TokenRefused::UnknownKey),
        };
        let checked = suitable.as_ref().ok().copied().or_else(|| nobodys(self.token.algorithm));
        let signed =
            checked.is_some_and(|key| key.signed(self.token.signed, &self.token.signature));
        suitable?;
        if signed { Ok(()) } else { Err(TokenRefused::Signature) }
    }
}

fn check_times(token: &Compact<'_>, now: DateTime<Utc>) -> Result<DateTime<Utc>, TokenRefused> {
    let expires_at = time(&token.claims, "exp")?.ok_or(TokenRefused::Missing("exp"))?;
    if now >= expires_at + LEEWAY {
        return Err(TokenRefused::Expired);
    }
    if expires_at > now + LONGEST {
        return Err(TokenRefused::Lifetime);
    }
    let ahead = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > now + LEEWAY);
    if ahead(time(&token.claims, "iat")?) {
        return Err(TokenRefused::IssuedInFuture);
    }
    if ahead(time(&token.claims, "nbf")?) {
        return Err(TokenRefused::NotYetValid);
    }
    Ok(expires_at)
}
