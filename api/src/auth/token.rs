//! From a bearer token to a credential, and, with the service's own key, back.
//!
//! Tokens are JWTs as RFC 9068 profiles them, checked as RFC 8725 asks. The checks are
//! spelt out here instead of set as options of a library, whose defaults leave out
//! `typ`, `crit`, `iat`, the lifetime and repeated members. Nothing in a token chooses
//! how it is verified: `iss` picks an issuer, `kid` one of that issuer's keys, and the
//! key brings its algorithm. No key is ever fetched.

mod claims;
mod compact;
mod issue;
mod refused;

use std::{collections::HashMap, path::Path, sync::Arc, time::Duration};

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use moka::sync::Cache;
use serde_json::Value;

use self::{claims::Verified, compact::Compact};
use super::{
    actor::Credential,
    keys::{Issuer, IssuerSettings, KeysRefused},
};

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
        Ok(Self { issuers: by_name, verified })
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
        if let Some(known) = self.verified.get(&fingerprint) {
            known.window.check(now)?;
            return Ok(known.credential.clone());
        }
        let verified = self.verify_unseen(bearer)?;
        verified.window.check(now)?;
        let credential = verified.credential.clone();
        self.verified.insert(fingerprint, Arc::new(verified));
        Ok(credential)
    }

    /// Everything but the time, which is checked anew at each use.
    fn verify_unseen(&self, bearer: &str) -> Result<Verified, TokenRefused> {
        let token = Compact::read(bearer)?;
        let issuer = match token.claims.get("iss") {
            Some(Value::String(name)) => {
                self.issuers.get(name).ok_or(TokenRefused::UnknownIssuer)?
            }
            Some(_) => return Err(TokenRefused::Mistyped("iss")),
            None => return Err(TokenRefused::Missing("iss")),
        };
        let key = issuer.keys.get(&token.kid).ok_or(TokenRefused::UnknownKey)?;
        if key.algorithm != token.algorithm {
            return Err(TokenRefused::AlgorithmOfKey);
        }
        if !key.signed(token.signed, &token.signature) {
            return Err(TokenRefused::Signature);
        }
        claims::read(&token.claims, issuer)
    }
}

fn fingerprint(bearer: &str) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(digest::digest(&digest::SHA256, bearer.as_bytes()).as_ref());
    fingerprint
}

#[cfg(test)]
mod tests;
