//! Every setting, read once, refused early.
//!
//! Flags come before the environment, the environment before the file, the file
//! before the defaults. What is not a setting is refused, in whichever source it
//! stands, because a misspelt limit is a limit that is not there.

pub mod settings;
mod sources;
mod values;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use serde::Deserialize;

use crate::auth::keys::IssuerSettings;

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
    /// The largest file of an import.
    pub max_upload_bytes: u64,
    /// How long a client may take to send a whole file.
    pub upload_deadline: Duration,
    pub limits: Limits,
    pub rates: Rates,
    pub introspection: bool,
    pub graphiql: bool,
    /// Whose tokens are accepted; never empty in production.
    pub issuers: Vec<IssuerSettings>,
    /// Where clients reach the service: its name as an issuer of tokens.
    pub public_url: String,
    /// The key for machine clients' tokens, in production.
    pub signing_key_file: Option<PathBuf>,
    /// Another key that they are verified with, while the one gives way to the other.
    pub other_signing_key_file: Option<PathBuf>,
    /// From which other origins browsers may follow what happens, as they write them.
    pub allowed_origins: Vec<String>,
    /// How many clients may follow what happens at once.
    pub max_followers: usize,
    /// How long a follower may keep us waiting: to sign in, or to read what was sent.
    pub follower_patience: Duration,
    /// How many proxies stand in front, each of which adds to `x-forwarded-for`.
    pub trusted_proxies: usize,
    /// Whether webhooks may go to private networks.
    pub webhook_private_addresses: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Development,
    /// Open to integrators, who may reset it, move its clock, and ask for faults.
    Sandbox,
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

/// How much cost one caller may spend in a minute, on each instance; 0 where they may any.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Somebody with a token, unless it is a machine client with a limit of its own.
    pub signed_in: u32,
    /// All who come from one address without one.
    pub public: u32,
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
