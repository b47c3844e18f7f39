//! What a signed token claims, each claim of one type and one form.
//!
//! A claim that is not known is refused, not ignored: it may be a condition (`cnf`,
//! `act`) or a widening that the issuer relies on and this service would overlook.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::TokenRefused;
use crate::{
    auth::{
        actor::{Credential, Role, Scope},
        json::Object,
        keys::{ClaimPath, Claims, Issuer, VerificationKey},
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
    /// The key that it was verified by, and its `kid`.
    pub(super) key: (String, Arc<VerificationKey>),
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
pub(super) fn read(
    claims: &Object,
    issuer: &Issuer,
    key: (String, Arc<VerificationKey>),
) -> Result<Verified, TokenRefused> {
    check_audience(claims, &issuer.audience)?;
    let window = window(claims)?;
    let subject = text(claims, "sub", "sub")?.to_owned();
    text(claims, "jti", "jti")?;
    let role = role(claims, issuer)?;
    let organisation = organisation(claims, &issuer.claims, role)?;
    let scopes = scopes(claims, &issuer.claims, role)?;
    check_known(claims, issuer)?;
    let credential = Credential {
        issuer: issuer.name.clone(),
        subject,
        role,
        organisation,
        scopes,
        expires_at: window.expires_at,
    };
    Ok(Verified { credential, window, key })
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
pub(super) fn time(
    claims: &Object,
    name: &'static str,
) -> Result<Option<DateTime<Utc>>, TokenRefused> {
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
pub(super) fn text<'a>(
    claims: &'a Object,
    name: &str,
    known_as: &'static str,
) -> Result<&'a str, TokenRefused> {
    is_text(claims.get(name).ok_or(TokenRefused::Missing(known_as))?, known_as)
}

fn is_text<'a>(value: &'a Value, known_as: &'static str) -> Result<&'a str, TokenRefused> {
    value
        .as_str()
        .filter(|text| (1..=LONGEST_TEXT).contains(&text.chars().count()))
        .filter(|text| !text.contains(char::is_control))
        .ok_or(TokenRefused::Mistyped(known_as))
}

/// What a claim says: one text, or, where the issuer's values are mapped, several, of
/// which those that mean something here all mean the same.
fn mapped<'a, T: Clone + PartialEq>(
    claims: &'a Object,
    path: &ClaimPath,
    map: &BTreeMap<String, T>,
    known_as: &'static str,
) -> Result<(Option<T>, Option<&'a str>), TokenRefused> {
    let value = path.find(claims).ok_or(TokenRefused::Missing(known_as))?;
    let Value::Array(several) = value else {
        let text = is_text(value, known_as)?;
        return Ok((map.get(text).cloned(), Some(text)));
    };
    if map.is_empty() {
        return Err(TokenRefused::Mistyped(known_as));
    }
    let mut found: Vec<&T> = Vec::new();
    for value in several {
        let meant = map.get(is_text(value, known_as)?);
        found.extend(meant.filter(|meant| !found.contains(meant)));
    }
    // Two roles would leave it to chance which one is held.
    let only = if found.len() == 1 { found.pop().cloned() } else { None };
    Ok((only, None))
}

fn role(claims: &Object, issuer: &Issuer) -> Result<Role, TokenRefused> {
    let map = &issuer.claims.roles;
    let (meant, text) = mapped(claims, &issuer.claims.role, map, "role")?;
    let unmapped = text.filter(|_| map.is_empty()).and_then(Role::named);
    let role = meant.or(unmapped).ok_or(TokenRefused::UnknownRole)?;
    if issuer.only.is_none_or(|only| only == role) {
        Ok(role)
    } else {
        Err(TokenRefused::UnknownRole)
    }
}

fn organisation(
    claims: &Object,
    rules: &Claims,
    role: Role,
) -> Result<OrganisationCode, TokenRefused> {
    let map = &rules.organisations;
    let (meant, text) = mapped(claims, &rules.organisation, map, "organisation")?;
    let unmapped = text.and_then(|text| match &rules.organisation_prefix {
        Some(prefix) => Some(format!("{prefix}{text}")),
        None => map.is_empty().then(|| text.to_owned()),
    });
    let unmapped = || unmapped.and_then(|text| text.parse().ok());
    let code: OrganisationCode = meant.or_else(unmapped).ok_or(TokenRefused::Organisation)?;
    if role.suits(&code) { Ok(code) } else { Err(TokenRefused::OrganisationKind) }
}

/// The scopes of an integrator. Of anybody else's token none mean anything, and where
/// their issuer gives some, it must give the one that stands for this service.
fn scopes(claims: &Object, rules: &Claims, role: Role) -> Result<BTreeSet<Scope>, TokenRefused> {
    let required = rules.required_scope.as_deref();
    let written = match claims.get("scope") {
        None if role == Role::Integrator || required.is_some() => {
            return Err(TokenRefused::Missing("scope"));
        }
        None => return Ok(BTreeSet::new()),
        Some(Value::String(written)) => written,
        Some(_) if role != Role::Integrator && required.is_none() => {
            return Err(TokenRefused::ScopeNotForRole);
        }
        Some(_) => return Err(TokenRefused::Mistyped("scope")),
    };
    let mut names = written.split(' ');
    match required {
        Some(required) if !names.clone().any(|name| name == required) => {
            Err(TokenRefused::RequiredScope)
        }
        // The issuer has scopes of its own, which are for others.
        Some(_) if role == Role::Integrator => {
            let ours: BTreeSet<_> = names.filter_map(Scope::named).collect();
            if ours.is_empty() { Err(TokenRefused::UnknownScope) } else { Ok(ours) }
        }
        Some(_) => Ok(BTreeSet::new()),
        None if role == Role::Integrator => {
            let known = |name| Scope::named(name).ok_or(TokenRefused::UnknownScope);
            names.try_fold(BTreeSet::new(), |mut scopes, name| {
                scopes.insert(known(name)?);
                Ok(scopes)
            })
        }
        None => Err(TokenRefused::ScopeNotForRole),
    }
}

fn check_known(claims: &Object, issuer: &Issuer) -> Result<(), TokenRefused> {
    let known = |name: &str| {
        READ.contains(&name)
            || INERT.contains(&name)
            || name == issuer.claims.role.top()
            || name == issuer.claims.organisation.top()
            || issuer.claims.ignored.contains(name)
    };
    if claims.keys().all(|name| known(name)) { Ok(()) } else { Err(TokenRefused::UnknownClaim) }
}
