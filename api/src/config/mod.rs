//! Every setting, read once, refused early.
//!
//! Flags come before the environment, the environment before the file, the file
//! before the defaults. What is not a setting is refused, in whichever source it
//! stands, because a misspelt limit is a limit that is not there.

pub mod settings;
mod sources;
mod values;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use jsonwebtoken::Algorithm;
use serde::Deserialize;

pub use self::{settings::Settings, sources::Refused, values::DatabaseUrl};

/// All that the program can be told.
#[derive(Debug, Clone)]
pub struct Config {
    pub environment: Environment,
    pub database_url: DatabaseUrl,
    pub database_pool_size: u32,
    /// Where the embedded signing key lives; not used in production.
    pub data_dir: PathBuf,
    pub address: SocketAddr,
    pub workers: usize,
    pub log: String,
    pub log_format: LogFormat,
    /// How long a query may run. Mutations are never cut off.
    pub request_deadline: Duration,
    /// How long a client may take to send a whole body.
    pub body_deadline: Duration,
    pub shutdown: Duration,
    pub max_body_bytes: usize,
    pub limits: Limits,
    pub introspection: bool,
    pub graphiql: bool,
    /// Whose tokens are accepted; never empty in production.
    pub issuers: Vec<Issuer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Development,
    Production,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// How much one query may ask for; checked before it runs.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub depth: usize,
    pub cost: u64,
    pub aliases: u64,
    pub directives: usize,
    pub selections: u64,
    pub tokens: usize,
}

/// Somebody whose tokens are accepted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The `iss` claim, exactly.
    pub issuer: String,
    /// The `aud` claim that names this service.
    pub audience: String,
    /// A JSON Web Key Set; read when the program starts.
    pub jwks_file: PathBuf,
    #[serde(default = "accepted_algorithms", deserialize_with = "algorithms")]
    pub algorithms: Vec<Algorithm>,
    #[serde(default = "role_claim")]
    pub role_claim: String,
    #[serde(default = "organisation_claim")]
    pub organisation_claim: String,
}

impl Issuer {
    fn new(issuer: String, audience: String, jwks_file: PathBuf) -> Self {
        Self {
            issuer,
            audience,
            jwks_file,
            algorithms: accepted_algorithms(),
            role_claim: role_claim(),
            organisation_claim: organisation_claim(),
        }
    }
}

/// The algorithms that may sign a token: none with a shared secret.
fn accepted_algorithms() -> Vec<Algorithm> {
    vec![Algorithm::RS256, Algorithm::RS512, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA]
}

fn algorithms<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Algorithm>, D::Error> {
    use serde::de::Error;
    let names = Vec::<String>::deserialize(from)?;
    let accepted = accepted_algorithms();
    let named = |name: &String| {
        name.parse().ok().filter(|algorithm| accepted.contains(algorithm)).ok_or_else(|| {
            D::Error::custom(format!("may name RS256, RS512, PS256, ES256 and EdDSA, not {name:?}"))
        })
    };
    if names.is_empty() {
        return Err(D::Error::custom("must name at least one algorithm"));
    }
    names.iter().map(named).collect()
}

fn role_claim() -> String {
    "role".to_owned()
}

fn organisation_claim() -> String {
    "organisation".to_owned()
}

impl Config {
    /// Reads all sources; the first wrong setting is the error.
    pub fn load(settings: &Settings) -> Result<Self, Refused> {
        Self::from_sources(settings, std::env::vars_os())
    }

    /// [`Config::load`] with an environment of the caller's choice.
    pub fn from_sources<N, V>(
        settings: &Settings,
        environment: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, Refused>
    where
        N: Into<std::ffi::OsString>,
        V: Into<std::ffi::OsString>,
    {
        let environment = environment.into_iter().map(|(name, value)| (name.into(), value.into()));
        sources::read(settings, environment)
    }

    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }
}

#[cfg(test)]
mod tests;
