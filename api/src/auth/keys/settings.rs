//! What is configured of an issuer: where its keys are, and how its claims are read.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Algorithm, EMBEDDED_ISSUER, KeysRefused, trusted_url};
use crate::{
    auth::{actor::Role, json::Object},
    ids::OrganisationCode,
};

/// The claims with a meaning of their own, which no setting can take over or ignore.
/// `cnf` binds a token to a proof that a bearer does not give.
const RESERVED_CLAIMS: [&str; 9] =
    ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"];

/// A day: how long keys are good that could not be fetched anew.
const MAX_KEY_AGE: u32 = 86_400;
/// A week.
const LONGEST_KEY_AGE: u32 = 604_800;

/// Where a claim stands: its name, or the names on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPath(Vec<String>);

impl ClaimPath {
    pub fn named(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    /// The member of the token that it stands in.
    pub fn top(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    pub(in crate::auth) fn find<'a>(&self, claims: &'a Object) -> Option<&'a Value> {
        let mut names = self.0.iter();
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.as_object()?.get(name))
    }

    fn is_sound(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|name| !name.is_empty())
    }
}

impl<'de> Deserialize<'de> for ClaimPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "the name of a claim, or a list of the names on the way to it"
        )]
        enum Written {
            Name(String),
            Way(Vec<String>),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Name(name) => Self(vec![name]),
            Written::Way(names) => Self(names),
        })
    }
}

/// What an issuer writes into the header `typ` of its access tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum AccessTokenType {
    /// As RFC 9068 asks, so that no other token of the issuer can be taken for one.
    #[default]
    #[serde(rename = "at+jwt")]
    AtJwt,
    /// `JWT`, or nothing: for providers that know no better. The audience alone then tells
    /// an access token from another.
    #[serde(rename = "JWT")]
    Jwt,
}

/// One trusted issuer, as configured. Its keys come from `jwks_file`, or from `jwks_url`,
/// or, with neither, from where its discovery document says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// The exact text of the claim `iss`.
    pub issuer: String,
    /// What the claim `aud` must contain.
    pub audience: String,
    /// The file of the issuer's public keys, a JSON Web Key Set.
    #[serde(default)]
    pub jwks_file: Option<PathBuf>,
    /// Where the issuer publishes them.
    #[serde(default)]
    pub jwks_url: Option<String>,
    /// The algorithms that its keys may have, and the one for keys that name none. Keys
    /// that are fetched need it; without it, every key of a file must name its own.
    #[serde(default)]
    pub algorithms: Vec<Algorithm>,
    /// How long fetched keys are good while the issuer cannot be reached.
    #[serde(default = "max_key_age")]
    pub max_key_age_seconds: u32,
    /// The `typ` of its access tokens.
    #[serde(default)]
    pub access_token_type: AccessTokenType,
    /// The claim that holds the role.
    #[serde(default = "role_claim")]
    pub role_claim: ClaimPath,
    /// What the issuer writes there, and the role that it stands for. Where any is given,
    /// nothing else is a role.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// The claim that holds the organisation's code.
    #[serde(default = "organisation_claim")]
    pub organisation_claim: ClaimPath,
    /// What the issuer writes there, and the code that it stands for, such as `ods:Y62`.
    #[serde(default)]
    pub organisations: BTreeMap<String, String>,
    /// What makes a code of any other value, such as `ods:`.
    #[serde(default)]
    pub organisation_prefix: Option<String>,
    /// The scope that stands for this service; the others of a token then mean nothing
    /// here. Without it, only integrators' tokens can hold any.
    #[serde(default)]
    pub required_scope: Option<String>,
    /// Further claims that this issuer adds, which mean nothing here. A claim that is
    /// neither known nor listed refuses the token.
    #[serde(default)]
    pub ignored_claims: BTreeSet<String>,
}

fn max_key_age() -> u32 {
    MAX_KEY_AGE
}

pub(super) fn role_claim() -> ClaimPath {
    ClaimPath::named("role")
}

pub(super) fn organisation_claim() -> ClaimPath {
    ClaimPath::named("organisation")
}

impl IssuerSettings {
    /// Settings with the usual names of claims, for a file of keys that name their
    /// algorithm.
    pub fn new(issuer: &str, audience: &str, jwks: &Path) -> Self {
        Self { jwks_file: Some(jwks.to_owned()), ..Self::discovered(issuer, audience, Vec::new()) }
    }

    /// Settings with the usual names of claims, for an issuer that says where its keys are.
    pub fn discovered(issuer: &str, audience: &str, algorithms: Vec<Algorithm>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            jwks_file: None,
            jwks_url: None,
            algorithms,
            max_key_age_seconds: MAX_KEY_AGE,
            access_token_type: AccessTokenType::AtJwt,
            role_claim: role_claim(),
            roles: BTreeMap::new(),
            organisation_claim: organisation_claim(),
            organisations: BTreeMap::new(),
            organisation_prefix: None,
            required_scope: None,
            ignored_claims: BTreeSet::new(),
        }
    }

    pub(super) fn check(&self) -> Result<(), KeysRefused> {
        let claims = [&self.role_claim, &self.organisation_claim];
        let tops = claims.map(ClaimPath::top);
        let named = || tops.into_iter().chain(self.ignored_claims.iter().map(String::as_str));
        let scope = self.required_scope.as_deref();
        let why = if !is_word(&self.issuer) || !is_word(&self.audience) {
            NOT_WORDS
        } else if self.issuer == EMBEDDED_ISSUER {
            "this name belongs to the service's own key"
        } else if !claims.iter().all(|path| path.is_sound()) || claims[0] == claims[1] {
            "role_claim and organisation_claim are two different claims"
        } else if named().any(|name| RESERVED_CLAIMS.contains(&name)) {
            "role_claim, organisation_claim and ignored_claims cannot name a claim with a meaning of its own"
        } else if tops.iter().any(|name| self.ignored_claims.contains(*name)) {
            "ignored_claims cannot hold the role's or the organisation's claim"
        } else if scope.is_some_and(|scope| !is_word(scope)) {
            "required_scope is one word"
        } else {
            return self.check_keys();
        };
        Err(self.refused(why))
    }

    fn check_keys(&self) -> Result<(), KeysRefused> {
        if self.jwks_file.is_some() {
            return match self.jwks_url {
                Some(_) => Err(self.refused("jwks_file and jwks_url cannot both be set")),
                None => Ok(()),
            };
        }
        if self.algorithms.is_empty() {
            return Err(self.refused("algorithms must list what its fetched keys may be used for"));
        }
        if !(1..=LONGEST_KEY_AGE).contains(&self.max_key_age_seconds) {
            return Err(self.refused("max_key_age_seconds is a number from 1 to 604800"));
        }
        let url = self.jwks_url.as_ref().unwrap_or(&self.issuer);
        trusted_url(url).map(|_| ()).map_err(|why| self.refused(why))
    }

    /// The roles by what the issuer calls them.
    pub(super) fn mapped_roles(&self) -> Result<BTreeMap<String, Role>, KeysRefused> {
        let role = |(written, role): (&String, &String)| {
            let role = Role::named(role).ok_or_else(|| self.refused("roles holds an unknown role"));
            Ok((written.clone(), role?))
        };
        self.roles.iter().map(role).collect()
    }

    /// The organisations by what the issuer calls them.
    pub(super) fn mapped_organisations(
        &self,
    ) -> Result<BTreeMap<String, OrganisationCode>, KeysRefused> {
        let code = |(written, code): (&String, &String)| {
            let code = code.parse().map_err(|_| {
                self.refused("organisations maps to codes such as ods:Y62 or hub:west-yorkshire")
            });
            Ok((written.clone(), code?))
        };
        self.organisations.iter().map(code).collect()
    }

    pub(super) fn refused(&self, why: &'static str) -> KeysRefused {
        KeysRefused::Settings { issuer: self.issuer.clone(), why }
    }
}

pub(super) const NOT_WORDS: &str = "the issuer and its audience are each one word, without spaces";

pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
