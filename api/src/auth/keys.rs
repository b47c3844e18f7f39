//! Whose tokens are believed: issuers, and the keys that verify them.
//!
//! A key is parsed together with its one algorithm, so a token has no say in how it
//! is verified. Symmetric algorithms cannot be written down here at all. The keys
//! are read once, at start: to retire one, take it out of its file and start again.

mod embedded;
mod jwks;

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::ParsedPublicKey;
use serde::Deserialize;

pub(super) use embedded::SigningKey;

/// The issuer named by tokens which this service signs with its own key.
pub const EMBEDDED_ISSUER: &str = "urn:gpa:embedded";

/// The claims with a meaning of their own, which no setting can take over or ignore.
/// `cnf` binds a token to a proof that a bearer does not give.
const RESERVED_CLAIMS: [&str; 9] =
    ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"];

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

/// One trusted issuer, as configured.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// The exact text of the claim `iss`.
    pub issuer: String,
    /// What the claim `aud` must contain.
    pub audience: String,
    /// The file of the issuer's public keys, a JSON Web Key Set.
    pub jwks_file: PathBuf,
    /// The algorithms that its keys may have, and the one for keys that name none;
    /// when empty, every key must name its own.
    #[serde(default)]
    pub algorithms: Vec<Algorithm>,
    /// The claim that holds the role.
    #[serde(default = "role_claim")]
    pub role_claim: String,
    /// The claim that holds the organisation's code.
    #[serde(default = "organisation_claim")]
    pub organisation_claim: String,
    /// Further claims that this issuer adds, which mean nothing here. A claim that is
    /// neither known nor listed refuses the token.
    #[serde(default)]
    pub ignored_claims: BTreeSet<String>,
}

fn role_claim() -> String {
    "role".to_owned()
}

fn organisation_claim() -> String {
    "organisation".to_owned()
}

impl IssuerSettings {
    /// Settings with the usual names of claims, for keys that name their algorithm.
    pub fn new(issuer: &str, audience: &str, jwks: &Path) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            jwks_file: jwks.to_owned(),
            algorithms: Vec::new(),
            role_claim: role_claim(),
            organisation_claim: organisation_claim(),
            ignored_claims: BTreeSet::new(),
        }
    }

    fn check(&self) -> Result<(), KeysRefused> {
        let refused = |why| KeysRefused::Settings { issuer: self.issuer.clone(), why };
        let names = [&self.role_claim, &self.organisation_claim];
        if !is_word(&self.issuer) || !is_word(&self.audience) {
            return Err(refused(NOT_WORDS));
        }
        if self.issuer == EMBEDDED_ISSUER {
            return Err(refused("this name belongs to the service's own key"));
        }
        if names.iter().any(|name| name.is_empty()) || names[0] == names[1] {
            return Err(refused("role_claim and organisation_claim are two different claims"));
        }
        if names
            .into_iter()
            .chain(&self.ignored_claims)
            .any(|name| RESERVED_CLAIMS.contains(&name.as_str()))
        {
            return Err(refused(
                "role_claim, organisation_claim and ignored_claims cannot name a claim with a meaning of its own",
            ));
        }
        if names.into_iter().any(|name| self.ignored_claims.contains(name)) {
            return Err(refused(
                "ignored_claims cannot hold the role's or the organisation's claim",
            ));
        }
        Ok(())
    }
}

const NOT_WORDS: &str = "the issuer and its audience are each one word, without spaces";

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// An issuer whose tokens are believed, with its keys parsed.
#[derive(Debug)]
pub struct Issuer {
    pub(super) name: String,
    pub(super) audience: String,
    pub(super) role_claim: String,
    pub(super) organisation_claim: String,
    pub(super) ignored_claims: BTreeSet<String>,
    pub(super) keys: HashMap<String, VerificationKey>,
    pub(super) signing: Option<SigningKey>,
}

impl Issuer {
    /// An issuer as configured, with the keys of its file.
    pub fn configured(settings: &IssuerSettings) -> Result<Self, KeysRefused> {
        settings.check()?;
        Ok(Self {
            name: settings.issuer.clone(),
            audience: settings.audience.clone(),
            role_claim: settings.role_claim.clone(),
            organisation_claim: settings.organisation_claim.clone(),
            ignored_claims: settings.ignored_claims.clone(),
            keys: jwks::read(&settings.jwks_file, &settings.algorithms)?,
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
        let (signing, key) = embedded::open_or_create(key_file)?;
        Ok(Self {
            name: EMBEDDED_ISSUER.to_owned(),
            audience: audience.to_owned(),
            role_claim: role_claim(),
            organisation_claim: organisation_claim(),
            ignored_claims: BTreeSet::new(),
            keys: HashMap::from([(signing.kid.clone(), key)]),
            signing: Some(signing),
        })
    }
}

/// A public key and the only algorithm that it is used with.
#[derive(Debug)]
pub(super) struct VerificationKey {
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
