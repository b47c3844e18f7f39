//! Whose tokens are believed: issuers, and the keys that verify them.
//!
//! A key is parsed together with its one algorithm, so a token has no say in how it
//! is verified. Symmetric algorithms cannot be written down here at all. Keys come from
//! files, which are read at the start, or are fetched from the issuer, never from where a
//! token says.

mod embedded;
mod fetch;
mod fetched;
mod jwks;
mod nobody;
mod settings;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use aws_lc_rs::signature::ParsedPublicKey;
use chrono::{DateTime, Utc};
use serde::Deserialize;

pub use self::{
    embedded::OwnKey,
    fetch::trusted_url,
    jwks::{client_key, client_keys},
    settings::{AccessTokenType, ClaimPath, IssuerSettings},
};
pub(super) use self::{embedded::SigningKey, fetched::Fetched, nobody::nobodys};
use self::{
    fetch::Source,
    settings::{NOT_WORDS, is_word},
};
use super::actor::Role;
use crate::ids::OrganisationCode;

/// The issuer named by tokens which this service signs with its own key.
pub const EMBEDDED_ISSUER: &str = "urn:gpa:embedded";

/// How a key signs; a closed set, all of it asymmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "RS512")]
    Rs512,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    pub const ALL: [Self; 5] = [Self::Rs256, Self::Rs512, Self::Ps256, Self::Es256, Self::EdDsa];

    /// The spelling in headers and key sets, such as `ES256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of that exact spelling; any other text is none of ours.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// An issuer whose tokens are believed, with its keys.
#[derive(Debug)]
pub struct Issuer {
    pub(super) name: String,
    pub(super) audience: String,
    pub(super) token_type: AccessTokenType,
    pub(super) claims: Claims,
    /// The only role that it can give, where there is but one.
    pub(super) only: Option<Role>,
    pub(super) keys: Keys,
    pub(super) signing: Option<Arc<SigningKey>>,
}

/// How an issuer writes the role and the organisation.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) role: ClaimPath,
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) organisation: ClaimPath,
    pub(super) organisations: BTreeMap<String, OrganisationCode>,
    pub(super) organisation_prefix: Option<String>,
    pub(super) required_scope: Option<String>,
    pub(super) ignored: BTreeSet<String>,
}

impl Claims {
    fn ours() -> Self {
        Self {
            role: settings::role_claim(),
            roles: BTreeMap::new(),
            organisation: settings::organisation_claim(),
            organisations: BTreeMap::new(),
            organisation_prefix: None,
            required_scope: None,
            ignored: BTreeSet::new(),
        }
    }
}

/// The keys of an issuer, by their `kid`.
#[derive(Debug)]
pub(super) enum Keys {
    /// Read at the start: to retire one, take it out of its file and start again.
    Held(HashMap<String, Arc<VerificationKey>>),
    Fetched(Arc<Fetched>),
}

impl Keys {
    pub(super) fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<Arc<VerificationKey>> {
        match self {
            Self::Held(keys) => keys.get(kid).cloned(),
            Self::Fetched(fetched) => fetched.find(kid, now),
        }
    }
}

impl Issuer {
    /// An issuer as configured: with the keys of its file, or none before they are fetched.
    pub fn configured(settings: &IssuerSettings) -> Result<Self, KeysRefused> {
        settings.check()?;
        let keys = match &settings.jwks_file {
            Some(file) => Keys::Held(jwks::read(file, &settings.algorithms)?),
            None => Keys::Fetched(Arc::new(fetched(settings)?)),
        };
        Ok(Self {
            name: settings.issuer.clone(),
            audience: settings.audience.clone(),
            token_type: settings.access_token_type,
            claims: Claims {
                role: settings.role_claim.clone(),
                roles: settings.mapped_roles()?,
                organisation: settings.organisation_claim.clone(),
                organisations: settings.mapped_organisations()?,
                organisation_prefix: settings.organisation_prefix.clone(),
                required_scope: settings.required_scope.clone(),
                ignored: settings.ignored_claims.clone(),
            },
            only: None,
            keys,
            signing: None,
        })
    }

    /// This service as its own issuer, with the key in that file; the key is made if
    /// there is none yet.
    pub fn embedded(key_file: &Path, audience: &str) -> Result<Self, KeysRefused> {
        if !is_word(audience) {
            let issuer = EMBEDDED_ISSUER.to_owned();
            return Err(KeysRefused::Settings { issuer, why: NOT_WORDS });
        }
        Ok(OwnKey::open_or_create(key_file)?.issuer(EMBEDDED_ISSUER, audience, None, None))
    }
}

fn fetched(settings: &IssuerSettings) -> Result<Fetched, KeysRefused> {
    let issuer = settings.issuer.clone();
    let source = match &settings.jwks_url {
        Some(url) => Source::Url(trusted_url(url).map_err(|why| settings.refused(why))?),
        None => Source::Discovery { issuer },
    };
    let (algorithms, age) = (&settings.algorithms, settings.max_key_age_seconds);
    Ok(Fetched::new(&settings.issuer, source, algorithms, age))
}

/// A public key and the only algorithm that it is used with.
#[derive(Debug)]
pub struct VerificationKey {
    pub(super) algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerificationKey {
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

/// Why the service does not start with these issuers; sentences for its operator.
#[derive(Debug, thiserror::Error)]
pub enum KeysRefused {
    #[error(
        "no issuer of tokens is configured, so nobody could sign in: configure one, or the embedded key"
    )]
    NoIssuer,
    #[error("issuer {issuer:?}: {why}")]
    Settings { issuer: String, why: &'static str },
    #[error("{}: {why}", file.display())]
    File { file: PathBuf, why: String },
    #[error("{}: key {kid:?}: {why}", file.display())]
    Key { file: PathBuf, kid: String, why: String },
}

impl KeysRefused {
    fn file(file: &Path, why: impl ToString) -> Self {
        Self::File { file: file.to_owned(), why: why.to_string() }
    }
}

/// The whole of a file, unless it is far larger than such a file can be.
fn contents(mut file: File, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.by_ref().take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        return Err(io::Error::other(format!("it is larger than {largest} bytes")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
