//! What a signed token claims, each claim of one type and one form.
//!
//! A claim that is not known is refused, not ignored: it may be a condition (`cnf`,
//! `act`) or a widening that the issuer relies on and this service would overlook.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::TokenRefused;
use crate::{
    auth::{
        actor::{Credential, Role, Scope},
        json::Object,
        keys::Issuer,
    },
    ids::OrganisationCode,
};

/// How far the clocks of issuers may be from ours.
pub(super) const LEEWAY: TimeDelta = TimeDelta::seconds(60);

pub(super) const LONGEST_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// The end of the year 9999, the last that every database and date library writes.
const LAST_SECOND: i64 = 253_402_300_799;

/// Short enough for a column, long enough for any issuer's identifiers.
const LONGEST_TEXT: usize = 255;

/// The claims that are read, under these names at every issuer.
const READ: [&str; 8] = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope"];

/// Claims of RFC 9068 and OpenID Connect that describe the client and the sign-in.
/// They neither widen nor narrow anything here.
const INERT: [&str; 6] = ["client_id", "azp", "auth_time", "acr", "amr", "sid"];

/// A token whose signature and claims are right, whatever the time.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) credential: Credential,
    pub(super) window: Window,
}

/// When a token may be used.
#[derive(Debug)]
pub(super) struct Window {
    issued_at: DateTime<Utc>,
    not_before: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

impl Window {
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), TokenRefused> {
        if now >= self.expires_at + LEEWAY {
            return Err(TokenRefused::Expired);
        }
        if self.issued_at > now + LEEWAY {
            return Err(TokenRefused::IssuedInFuture);
        }
        if self.not_before.is_some_and(|from| from > now + LEEWAY) {
            return Err(TokenRefused::NotYetValid);
        }
        Ok(())
    }
}

/// Reads the claims of a token that this issuer signed.
pub(super) fn read(claims: &Object, issuer: &Issuer) -> Result<Verified, TokenRefused> {
    check_audience(claims, &issuer.audience)?;
    let window = window(claims)?;
    let subject = text(claims, "sub", "sub")?.to_owned();
    text(claims, "jti", "jti")?;
    let role = text(claims, &issuer.role_claim, "role")?;
    let role = Role::named(role).ok_or(TokenRefused::UnknownRole)?;
    let organisation = organisation(claims, issuer, role)?;
    let scopes = scopes(claims, role)?;
    check_known(claims, issuer)?;
    let credential = Credential {
        issuer: issuer.name.clone(),
        subject,
        role,
        organisation,
        scopes,
        expires_at: window.expires_at,
    };
    Ok(Verified { credential, window })
}

fn check_audience(claims: &Object, ours: &str) -> Result<(), TokenRefused> {
    let named = match claims.get("aud") {
        None => return Err(TokenRefused::Missing("aud")),
        Some(Value::String(one)) => one == ours,
        Some(Value::Array(several)) if several.iter().all(Value::is_string) => {
            several.iter().any(|one| one == ours)
        }
        Some(_) => return Err(TokenRefused::Mistyped("aud")),
    };
    if named { Ok(()) } else { Err(TokenRefused::Audience) }
}

fn window(claims: &Object) -> Result<Window, TokenRefused> {
    let expires_at = time(claims, "exp")?.ok_or(TokenRefused::Missing("exp"))?;
    let issued_at = time(claims, "iat")?.ok_or(TokenRefused::Missing("iat"))?;
    let not_before = time(claims, "nbf")?;
    let lifetime = expires_at - issued_at;
    if lifetime <= TimeDelta::zero() || lifetime > LONGEST_LIFETIME {
        return Err(TokenRefused::Lifetime);
    }
    Ok(Window { issued_at, not_before, expires_at })
}

/// A time in whole seconds: no text, no fraction, no exponent, nothing below zero.
fn time(claims: &Object, name: &'static str) -> Result<Option<DateTime<Utc>>, TokenRefused> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    value
        .as_i64()
        .filter(|seconds| (0..=LAST_SECOND).contains(seconds))
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(Some)
        .ok_or(TokenRefused::Mistyped(name))
}

/// A text that can be stored and logged: not empty, not long, no control characters
/// (PostgreSQL has no NUL). `known_as` is the claim's name in a refusal.
fn text<'a>(
    claims: &'a Object,
    name: &str,
    known_as: &'static str,
) -> Result<&'a str, TokenRefused> {
    let value = claims.get(name).ok_or(TokenRefused::Missing(known_as))?;
    value
        .as_str()
        .filter(|text| (1..=LONGEST_TEXT).contains(&text.chars().count()))
        .filter(|text| !text.contains(char::is_control))
        .ok_or(TokenRefused::Mistyped(known_as))
}

fn organisation(
    claims: &Object,
    issuer: &Issuer,
    role: Role,
) -> Result<OrganisationCode, TokenRefused> {
    let code = text(claims, &issuer.organisation_claim, "organisation")?;
    let code: OrganisationCode = code.parse().map_err(|_| TokenRefused::Organisation)?;
    if role.suits(&code) { Ok(code) } else { Err(TokenRefused::OrganisationKind) }
}

fn scopes(claims: &Object, role: Role) -> Result<BTreeSet<Scope>, TokenRefused> {
    match (role, claims.get("scope")) {
        (Role::Integrator, None) => Err(TokenRefused::Missing("scope")),
        (Role::Integrator, Some(Value::String(scopes))) => scopes
            .split(' ')
            .map(|name| Scope::named(name).ok_or(TokenRefused::UnknownScope))
            .collect(),
        (Role::Integrator, Some(_)) => Err(TokenRefused::Mistyped("scope")),
        (_, None) => Ok(BTreeSet::new()),
        (_, Some(_)) => Err(TokenRefused::ScopeNotForRole),
    }
}

fn check_known(claims: &Object, issuer: &Issuer) -> Result<(), TokenRefused> {
    let known = |name: &str| {
        READ.contains(&name)
            || INERT.contains(&name)
            || name == issuer.role_claim
            || name == issuer.organisation_claim
            || issuer.ignored_claims.contains(name)
    };
    if claims.keys().all(|name| known(name)) { Ok(()) } else { Err(TokenRefused::UnknownClaim) }
}
