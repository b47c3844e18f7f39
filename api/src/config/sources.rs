//! Merges the sources of settings, and says of a wrong one where it came from.

use std::{
    ffi::OsString,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread,
};

use figment::{
    Error, Figment, Metadata, Profile, Provider,
    error::Kind,
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};
use serde::Deserialize;

use super::{
    Config, Environment, IssuerSettings, Limits, LogFormat, Rates,
    settings::{self, DEFAULTS, Settings},
    values::{Address, Algorithms, DatabaseUrl, Filter, Origins, PublicUrl, Switch, Text, Whole},
};

/// Why the program does not start; a sentence that names the setting and its source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

#[derive(Deserialize)]
struct Raw {
    environment: Environment,
    database_url: DatabaseUrl,
    database_pool_size: Whole<1, 1000>,
    data_dir: Text,
    host: Address,
    port: Whole<0, 65535>,
    workers: Option<Whole<1, 256>>,
    log: Filter,
    log_format: LogFormat,
    request_seconds: Whole<1, 300>,
    body_seconds: Whole<1, 300>,
    shutdown_seconds: Whole<1, 300>,
    max_body_bytes: Whole<1024, 10_000_000>,
    max_upload_bytes: Whole<1024, 10_000_000_000>,
    upload_seconds: Whole<1, 3600>,
    max_depth: Whole<1, 30>,
    max_cost: Whole<1, 1_000_000_000>,
    max_aliases: Whole<0, 1000>,
    max_directives: Whole<0, 100>,
    max_selections: Whole<1, 10_000>,
    max_tokens: Whole<1, 20_000>,
    rate_limit: Whole<0, 1_000_000_000>,
    public_rate_limit: Whole<0, 1_000_000_000>,
    introspection: Switch,
    graphiql: Option<Switch>,
    issuer: Option<Text>,
    audience: Option<Text>,
    jwks_file: Option<Text>,
    algorithms: Option<Algorithms>,
    public_url: Option<PublicUrl>,
    signing_key_file: Option<Text>,
    other_signing_key_file: Option<Text>,
    allowed_origins: Option<Origins>,
    max_followers: Whole<1, 100_000>,
    follower_seconds: Whole<1, 300>,
    trusted_proxies: Whole<0, 10>,
    webhook_private_addresses: Switch,
    #[serde(default)]
    issuers: Vec<IssuerSettings>,
}

pub(super) fn read(
    flags: &Settings,
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Config, Refused> {
    let mut variables = variables(environment)?;
    let config = variables.remove("config");
    let file = flags.config.clone().or_else(|| config?.into_string());
    let defaults = DEFAULTS.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));

    let mut figment = Figment::from(Source { kind: Kept::Default, values: defaults.collect() });
    if let Some(path) = file {
        figment = figment.merge(file_source(Path::new(&path))?);
    }
    let flags = Value::serialize(flags).map_err(|error| refused(&error))?;
    let mut flags = flags.into_dict().unwrap_or_default();
    flags.retain(|_, value| value.as_str().is_some());
    let raw: Raw = figment
        .merge(Source { kind: Kept::Variables, values: variables })
        .merge(Source { kind: Kept::Flags, values: flags })
        .extract()
        .map_err(|error| refused(&error))?;
    complete(raw)
}

/// Where settings were found.
#[derive(Clone)]
enum Kept {
    Default,
    File(PathBuf),
    Variables,
    Flags,
}

impl Kept {
    /// How a person would find the setting again.
    fn spelling(&self, keys: &[&str]) -> String {
        let name = keys.join(".");
        match self {
            Self::Default => format!("{name} (the default)"),
            Self::File(path) => format!("{name} (in {})", path.display()),
            Self::Variables => format!("{} (in the environment)", settings::variable(&name)),
            Self::Flags => format!("{} (on the command line)", settings::flag(&name)),
        }
    }
}

/// Settings found in one place.
struct Source {
    kind: Kept,
    values: Dict,
}

impl Provider for Source {
    fn metadata(&self) -> Metadata {
        let kind = self.kind.clone();
        Metadata::named("settings").interpolater(move |_, keys| kind.spelling(keys))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Our variables by the setting's name; one of ours that is no setting is refused.
fn variables(environment: impl Iterator<Item = (OsString, OsString)>) -> Result<Dict, Refused> {
    let names = settings::names();
    let mut found = Dict::new();
    for (variable, value) in environment {
        let variable = variable.to_string_lossy().into_owned();
        let Some(name) = variable.strip_prefix(settings::PREFIX) else { continue };
        let known = names.iter().find(|known| settings::variable(known) == variable);
        let setting =
            known.ok_or_else(|| unknown(&format!("{variable} (in the environment)"), name))?;
        let value = value.into_string().map_err(|_| {
            Refused(format!("{variable} (in the environment) must be a text in UTF-8"))
        })?;
        found.insert(setting.clone(), Value::from(value));
    }
    Ok(found)
}

fn file_source(path: &Path) -> Result<Source, Refused> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Refused(format!("the settings file {shown} cannot be read: {error}")))?;
    let mut profiles = Toml::string(&text).data().map_err(|error| {
        Refused(format!("the settings file {shown} is not TOML: {}", without_excerpt(&error)))
    })?;
    let values = profiles.remove(&Profile::Default).unwrap_or_default();
    let mut names = settings::names();
    names.push("issuers".to_owned());
    names.retain(|name| name != "config");
    match values.keys().find(|key| !names.contains(key)) {
        Some(key) => Err(unknown(&format!("{key} (in {shown})"), key)),
        None => Ok(Source { kind: Kept::File(path.to_owned()), values }),
    }
}

/// The parser's message without the lines that it quotes: a password may stand there.
fn without_excerpt(error: &Error) -> String {
    let message = error.kind.to_string();
    let mut lines = message.lines().filter(|line| !line.contains('|'));
    let first = lines.next().unwrap_or_default().to_owned();
    match lines.next_back() {
        Some(last) => format!("{first}: {last}"),
        None => first,
    }
}

fn unknown(place: &str, name: &str) -> Refused {
    let wanted = name.to_ascii_lowercase();
    let mut names = settings::names();
    names.sort_by_key(|known| distance(known, &wanted));
    let near = names.first().map(String::as_str).unwrap_or_default();
    Refused(format!("{place} is not a setting; did you mean {near}? `gpa help` lists them all"))
}

/// How many places differ, the cheap way: enough to find a misspelt name.
fn distance(a: &str, b: &str) -> usize {
    let same_start = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let same_end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    a.len().max(b.len()).saturating_sub(same_start + same_end)
}

fn refused(error: &Error) -> Refused {
    let profile = error.profile.clone().unwrap_or_default();
    let place = match &error.metadata {
        Some(metadata) => metadata.interpolate(&profile, &error.path),
        None => error.path.join("."),
    };
    Refused(match &error.kind {
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            format!("{place} must be {wanted}, not {found}")
        }
        Kind::UnknownVariant(found, wanted) => {
            format!("{place} must be {}, not {found:?}", wanted.join(" or "))
        }
        Kind::UnknownField(found, wanted) => {
            format!("{place}: {found} is not a setting; it may hold {}", wanted.join(", "))
        }
        Kind::MissingField(name) => format!("{place}: {name} is missing"),
        other => format!("{place} {other}"),
    })
}

/// The rules that need more than one setting.
fn complete(raw: Raw) -> Result<Config, Refused> {
    let production = raw.environment == Environment::Production;
    let graphiql = raw.graphiql.map_or(!production, |switch| switch.0);
    if production && graphiql {
        return Err(Refused("graphiql must be off in production".to_owned()));
    }
    let port = u16::try_from(raw.port.0).unwrap_or_default();
    check_signing(&raw, production)?;
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    Ok(Config {
        environment: raw.environment,
        database_pool_size: u32::try_from(raw.database_pool_size.0).unwrap_or(u32::MAX),
        data_dir: PathBuf::from(raw.data_dir.0.clone()),
        address: SocketAddr::new(raw.host.0, port),
        workers: raw.workers.map_or_else(processors, Whole::size),
        log: raw.log.0.clone(),
        log_format: raw.log_format,
        request_deadline: raw.request_seconds.seconds(),
        body_deadline: raw.body_seconds.seconds(),
        shutdown: raw.shutdown_seconds.seconds(),
        max_body_bytes: raw.max_body_bytes.size(),
        max_upload_bytes: raw.max_upload_bytes.0,
        upload_deadline: raw.upload_seconds.seconds(),
        limits: Limits {
            depth: raw.max_depth.size(),
            cost: raw.max_cost.0,
            aliases: raw.max_aliases.0,
            directives: raw.max_directives.size(),
            selections: raw.max_selections.0,
            tokens: raw.max_tokens.size(),
        },
        rates: Rates {
            signed_in: u32::try_from(raw.rate_limit.0).unwrap_or(u32::MAX),
            public: u32::try_from(raw.public_rate_limit.0).unwrap_or(u32::MAX),
        },
        introspection: raw.introspection.0,
        graphiql,
        database_url: raw.database_url.clone(),
        public_url: raw
            .public_url
            .clone()
            .map_or_else(|| format!("http://{}", SocketAddr::new(raw.host.0, port)), |url| url.0),
        signing_key_file: raw.signing_key_file.clone().map(|file| PathBuf::from(file.0)),
        other_signing_key_file: raw
            .other_signing_key_file
            .clone()
            .map(|file| PathBuf::from(file.0)),
        allowed_origins: raw.allowed_origins.clone().map_or_else(Vec::new, |origins| origins.0),
        max_followers: raw.max_followers.size(),
        follower_patience: raw.follower_seconds.seconds(),
        trusted_proxies: raw.trusted_proxies.size(),
        webhook_private_addresses: raw.webhook_private_addresses.0,
        issuers: issuers(raw, production)?,
    })
}

fn check_signing(raw: &Raw, production: bool) -> Result<(), Refused> {
    if production && raw.signing_key_file.is_some() && raw.public_url.is_none() {
        return Err(Refused(
            "signing_key_file needs public_url: tokens of machine clients say who issues them, \
             which is where clients reach this service"
                .to_owned(),
        ));
    }
    if raw.other_signing_key_file.is_some() && raw.signing_key_file.is_none() {
        return Err(Refused("other_signing_key_file needs signing_key_file beside it".to_owned()));
    }
    Ok(())
}

fn issuers(raw: Raw, production: bool) -> Result<Vec<IssuerSettings>, Refused> {
    let mut issuers = raw.issuers;
    let algorithms = raw.algorithms.map(|list| list.0);
    match (raw.issuer, raw.audience, raw.jwks_file, algorithms) {
        (None, None, None, None) => {}
        (Some(issuer), Some(audience), Some(keys), algorithms) => {
            let read = IssuerSettings::new(&issuer.0, &audience.0, Path::new(&keys.0));
            let algorithms = algorithms.unwrap_or_default();
            issuers.push(IssuerSettings { algorithms, ..read });
        }
        (Some(issuer), Some(audience), None, Some(algorithms)) => {
            issuers.push(IssuerSettings::discovered(&issuer.0, &audience.0, algorithms));
        }
        _ => {
            return Err(Refused(
                "issuer, audience and jwks_file (or algorithms, where the issuer publishes its \
                 keys) belong together: set all three or none"
                    .to_owned(),
            ));
        }
    }
    if production && issuers.is_empty() {
        return Err(Refused(
            "production needs an issuer of tokens: set GPA_ISSUER, GPA_AUDIENCE and \
             GPA_JWKS_FILE or GPA_ALGORITHMS, or [[issuers]] in the settings file"
                .to_owned(),
        ));
    }
    for issuer in &issuers {
        if let Some(file) = issuer.jwks_file.as_ref().filter(|file| !file.is_file()) {
            let (file, name) = (file.display(), &issuer.issuer);
            return Err(Refused(format!("jwks_file of {name} must be a file; {file} is not one")));
        }
    }
    Ok(issuers)
}
