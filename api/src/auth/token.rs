//! From a bearer token to a credential, and, with the service's own key, back.
//!
//! Tokens are JWTs as RFC 9068 profiles them, checked as RFC 8725 asks. The checks are
//! spelt out here instead of set as options of a library, whose defaults leave out
//! `typ`, `crit`, `iat`, the lifetime and repeated members. Nothing in a token chooses
//! how it is verified: `iss` picks an issuer, `kid` one of that issuer's keys, and the
//! key brings its algorithm. No key is ever fetched from where a token says.

mod assertion;
mod claims;
mod compact;
mod issue;
mod refused;

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use moka::sync::Cache;
use serde_json::Value;

use self::{claims::Verified, compact::Compact};
use super::{
    actor::{Credential, Role},
    keys::{Issuer, IssuerSettings, Keys, KeysRefused, OwnKey, VerificationKey},
};
use crate::clock::Clock;

pub use assertion::Assertion;
pub use issue::{IssueRefused, TokenRequest};
pub use refused::{Part, TokenRefused};

/// How many verified tokens are remembered; a few hundred bytes each.
const REMEMBERED: u64 = 10_000;

/// No token is of use for longer: an hour's lifetime, and the leeway at both ends.
const REMEMBERED_FOR: Duration = Duration::from_secs(62 * 60);

type Fingerprint = [u8; digest::SHA256_OUTPUT_LEN];

/// The issuers that are believed, and the tokens of theirs seen lately.
#[derive(Debug)]
pub struct Tokens {
    issuers: HashMap<String, Issuer>,
    verified: Cache<Fingerprint, Arc<Verified>>,
    clients: Option<ForClients>,
}

/// What tokens of machine clients are issued with.
#[derive(Debug)]
struct ForClients {
    issuer: String,
    public_set: Value,
    /// How many signatures of assertions were checked.
    checked: AtomicU64,
}

impl Tokens {
    /// Believes these issuers; each has a name of its own, and there is at least one.
    pub fn new(issuers: Vec<Issuer>) -> Result<Self, KeysRefused> {
        let mut by_name = HashMap::new();
        for issuer in issuers {
            if let Some(twice) = by_name.insert(issuer.name.clone(), issuer) {
                let why = "this issuer is configured twice";
                return Err(KeysRefused::Settings { issuer: twice.name, why });
            }
        }
        if by_name.is_empty() {
            return Err(KeysRefused::NoIssuer);
        }
        let verified =
            Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build();
        Ok(Self { issuers: by_name, verified, clients: None })
    }

    /// Believes, and issues, tokens of machine clients too: signed with this key, in the
    /// name of this service. Nobody but a machine client can hold one. Those that the other
    /// key has signed are believed as well.
    pub fn with_clients(
        mut self,
        key: &OwnKey,
        other: Option<&OwnKey>,
        issuer: &str,
        audience: &str,
    ) -> Result<Self, KeysRefused> {
        let own = key.issuer(issuer, audience, Some(Role::Integrator), other);
        if self.issuers.insert(issuer.to_owned(), own).is_some() {
            let (issuer, why) = (issuer.to_owned(), "this is the service's own public_url");
            return Err(KeysRefused::Settings { issuer, why });
        }
        let public_set = OwnKey::public_set([Some(key), other].into_iter().flatten());
        self.clients =
            Some(ForClients { issuer: issuer.to_owned(), public_set, checked: AtomicU64::new(0) });
        Ok(self)
    }

    /// The public half of the key that machine clients' tokens are signed with; none
    /// where none are issued.
    pub fn public_set(&self) -> Option<&Value> {
        self.clients.as_ref().map(|clients| &clients.public_set)
    }

    /// Whether a machine client's key signed its assertion; there may be no such key.
    pub fn check_assertion(
        &self,
        assertion: &Assertion<'_>,
        key: Option<&VerificationKey>,
    ) -> Result<(), TokenRefused> {
        if let Some(clients) = &self.clients {
            clients.checked.fetch_add(1, Ordering::Relaxed);
        }
        assertion.is_signed_by(key)
    }

    /// How many signatures of assertions were checked since the start.
    pub fn assertions_checked(&self) -> u64 {
        self.clients.as_ref().map_or(0, |clients| clients.checked.load(Ordering::Relaxed))
    }

    /// Believes only this service's own key, which is made if the file is missing.
    pub fn embedded(key_file: &Path, audience: &str) -> Result<Self, KeysRefused> {
        Self::new(vec![Issuer::embedded(key_file, audience)?])
    }

    /// Believes only the configured issuers.
    pub fn configured(settings: &[IssuerSettings]) -> Result<Self, KeysRefused> {
        Self::new(settings.iter().map(Issuer::configured).collect::<Result<_, _>>()?)
    }

    /// What the token says, if a trusted issuer signed it for this service and its
    /// time has come and not gone. `bearer` is the token alone, without `Bearer`.
    pub fn verify(&self, bearer: &str, now: DateTime<Utc>) -> Result<Credential, TokenRefused> {
        compact::check_length(bearer)?;
        let fingerprint = fingerprint(bearer);
        if let Some(known) = self.verified.get(&fingerprint).filter(|it| self.holds(it, now)) {
            known.window.check(now)?;
            return Ok(known.credential.clone());
        }
        let verified = self.verify_unseen(bearer, now)?;
        verified.window.check(now)?;
        let credential = verified.credential.clone();
        self.verified.insert(fingerprint, Arc::new(verified));
        Ok(credential)
    }

    /// As [`Tokens::verify`]; but where the issuer may have new keys, it is asked for them.
    pub async fn admit(
        &self,
        bearer: &str,
        now: DateTime<Utc>,
    ) -> Result<Credential, TokenRefused> {
        let first = self.verify(bearer, now);
        if !matches!(first, Err(TokenRefused::UnknownKey)) {
            return first;
        }
        let token = Compact::read(bearer)?;
        let Keys::Fetched(keys) = &self.issuer(&token)?.keys else { return first };
        keys.look_for(&token.kid, now).await;
        self.verify(bearer, now)
    }

    /// Fetches the keys of those issuers that publish theirs, for as long as the program
    /// runs.
    pub fn follow(&self, clock: &Clock) {
        for issuer in self.issuers.values() {
            if let Keys::Fetched(keys) = &issuer.keys {
                let (keys, clock) = (keys.clone(), clock.clone());
                tokio::spawn(async move { keys.follow(clock).await });
            }
        }
    }

    /// Whether the key that verified a token is still its issuer's.
    fn holds(&self, known: &Verified, now: DateTime<Utc>) -> bool {
        let (kid, key) = &known.key;
        let issuer = self.issuers.get(&known.credential.issuer);
        let current = issuer.and_then(|issuer| issuer.keys.find(kid, now));
        current.is_some_and(|current| Arc::ptr_eq(&current, key))
    }

    fn issuer(&self, token: &Compact<'_>) -> Result<&Issuer, TokenRefused> {
        match token.claims.get("iss") {
            Some(Value::String(name)) => self.issuers.get(name).ok_or(TokenRefused::UnknownIssuer),
            Some(_) => Err(TokenRefused::Mistyped("iss")),
            None => Err(TokenRefused::Missing("iss")),
        }
    }

    /// Everything but the time, which is checked anew at each use.
    fn verify_unseen(&self, bearer: &str, now: DateTime<Utc>) -> Result<Verified, TokenRefused> {
        let token = Compact::read(bearer)?;
        let issuer = self.issuer(&token)?;
        compact::check_access_token(token.typ.as_deref(), issuer.token_type)?;
        let key = issuer.keys.find(&token.kid, now).ok_or(TokenRefused::UnknownKey)?;
        if key.algorithm != token.algorithm {
            return Err(TokenRefused::AlgorithmOfKey);
        }
        if !key.signed(token.signed, &token.signature) {
            return Err(TokenRefused::Signature);
        }
        claims::read(&token.claims, issuer, (token.kid, key))
    }
}

fn fingerprint(bearer: &str) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(digest::digest(&digest::SHA256, bearer.as_bytes()).as_ref());
    fingerprint
}

#[cfg(test)]
mod tests;
