//! Every setting: its flag, its description, and its default.
//!
//! A setting is one word with three spellings: `--database-url`, `GPA_DATABASE_URL`
//! and `database_url` in the file. All three are derived from the field's name here,
//! so that none can be forgotten. Values stay text: what they may be is known to
//! [`super::values`] alone, whichever source they come from.

use clap::{Args, Command};
use serde::Serialize;

/// The prefix of every environment variable that is ours.
pub const PREFIX: &str = "GPA_";

/// What each setting is when nobody says otherwise, in the spelling of a flag's value.
pub const DEFAULTS: &[(&str, &str)] = &[
    ("environment", "development"),
    ("database_url", "sqlite://.gpa/gpa.db"),
    ("database_pool_size", "16"),
    ("data_dir", ".gpa"),
    ("host", "127.0.0.1"),
    ("port", "8080"),
    ("log", "info"),
    ("log_format", "text"),
    ("request_seconds", "10"),
    ("body_seconds", "10"),
    ("shutdown_seconds", "30"),
    ("max_body_bytes", "512000"),
    ("max_upload_bytes", "200000000"),
    ("upload_seconds", "300"),
    ("max_depth", "16"),
    ("max_cost", "50000"),
    ("max_aliases", "30"),
    ("max_directives", "5"),
    ("max_selections", "1000"),
    ("max_tokens", "2000"),
    ("rate_limit", "1000000"),
    ("public_rate_limit", "300000"),
    ("introspection", "on"),
    ("max_followers", "1000"),
    ("follower_seconds", "10"),
    ("trusted_proxies", "0"),
    ("webhook_private_addresses", "off"),
];

/// The settings as flags.
#[derive(Debug, Clone, Default, Args, Serialize)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// A TOML file of settings, named as here with underscores
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<String>,
    /// development, sandbox or production
    #[arg(long, global = true)]
    environment: Option<String>,
    /// sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Connections to the database, 1 to 1000
    #[arg(long, global = true, value_name = "NUMBER")]
    database_pool_size: Option<String>,
    /// Where the embedded signing key lives; not used in production
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The IP address to listen on
    #[arg(long, global = true, value_name = "ADDRESS")]
    host: Option<String>,
    /// The port to listen on, 0 to 65535; 0 takes any free one
    #[arg(long, global = true, value_name = "NUMBER")]
    port: Option<String>,
    /// Threads that answer requests, 1 to 256 [default: one for each processor]
    #[arg(long, global = true, value_name = "NUMBER")]
    workers: Option<String>,
    /// What to log: a level, or a filter such as info,api=debug
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// text or json
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
    /// How long a query may run, 1 to 300 seconds
    #[arg(long, global = true, value_name = "SECONDS")]
    request_seconds: Option<String>,
    /// How long a client may take to send a request's body, 1 to 300 seconds
    #[arg(long, global = true, value_name = "SECONDS")]
    body_seconds: Option<String>,
    /// How long a stopping server may take to finish, 1 to 300 seconds
    #[arg(long, global = true, value_name = "SECONDS")]
    shutdown_seconds: Option<String>,
    /// The largest body of a request, 1024 to 10000000 bytes
    #[arg(long, global = true, value_name = "BYTES")]
    max_body_bytes: Option<String>,
    /// The largest file of an import, 1024 to 10000000000 bytes
    #[arg(long, global = true, value_name = "BYTES")]
    max_upload_bytes: Option<String>,
    /// How long a client may take to send a file, 1 to 3600 seconds
    #[arg(long, global = true, value_name = "SECONDS")]
    upload_seconds: Option<String>,
    /// How deep a query may nest, 1 to 30; standard introspection needs 15
    #[arg(long, global = true, value_name = "NUMBER")]
    max_depth: Option<String>,
    /// The largest cost of a query, 1 to 1000000000
    #[arg(long, global = true, value_name = "NUMBER")]
    max_cost: Option<String>,
    /// Aliases in a query, 0 to 1000
    #[arg(long, global = true, value_name = "NUMBER")]
    max_aliases: Option<String>,
    /// Directives on one field, 0 to 100
    #[arg(long, global = true, value_name = "NUMBER")]
    max_directives: Option<String>,
    /// Selections in a query with its fragments written out, 1 to 10000
    #[arg(long, global = true, value_name = "NUMBER")]
    max_selections: Option<String>,
    /// Tokens in a query, 1 to 20000
    #[arg(long, global = true, value_name = "NUMBER")]
    max_tokens: Option<String>,
    /// The cost that one caller with a token may spend in a minute, 0 to 1000000000; 0: any
    #[arg(long, global = true, value_name = "NUMBER")]
    rate_limit: Option<String>,
    /// The cost that one address without tokens may spend in a minute, 0 to 1000000000; 0: any
    #[arg(long, global = true, value_name = "NUMBER")]
    public_rate_limit: Option<String>,
    /// Whether clients may ask for the schema: on or off
    #[arg(long, global = true, value_name = "SWITCH")]
    introspection: Option<String>,
    /// Whether to serve the query page: on or off [default: on]; refused in production
    #[arg(long, global = true, value_name = "SWITCH")]
    graphiql: Option<String>,
    /// Whose tokens to accept: the `iss` claim; more than one are [[issuers]] in the file
    #[arg(long, global = true, value_name = "URL")]
    issuer: Option<String>,
    /// The `aud` claim that this service goes by with that issuer
    #[arg(long, global = true, value_name = "TEXT")]
    audience: Option<String>,
    /// That issuer's public keys, a JSON Web Key Set; left out: the issuer says where they are
    #[arg(long, global = true, value_name = "FILE")]
    jwks_file: Option<String>,
    /// What that issuer's keys may be used for, such as RS256,ES256; needed without jwks_file
    #[arg(long, global = true, value_name = "LIST")]
    algorithms: Option<String>,
    /// Where clients reach this service, without a slash at the end: https, or http on this machine [default: the address it listens on]
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// The key for machine clients' tokens: Ed25519 in PKCS#8 PEM; production issues none without
    #[arg(long, global = true, value_name = "FILE")]
    signing_key_file: Option<String>,
    /// Another key of ours that tokens are still, or already, verified with, while signing_key_file is exchanged
    #[arg(long, global = true, value_name = "FILE")]
    other_signing_key_file: Option<String>,
    /// Other origins whose pages browsers may let ask here, with commas between: such as https://portal.example.nhs.uk
    #[arg(long, global = true, value_name = "LIST")]
    allowed_origins: Option<String>,
    /// How many WebSockets and event streams may be open at once, 1 to 100000
    #[arg(long, global = true, value_name = "NUMBER")]
    max_followers: Option<String>,
    /// How long the client of a WebSocket or event stream may take to sign in, or to read what it was sent, 1 to 300 seconds
    #[arg(long, global = true, value_name = "SECONDS")]
    follower_seconds: Option<String>,
    /// Proxies in front whose x-forwarded-for is believed, 0 to 10
    #[arg(long, global = true, value_name = "NUMBER")]
    trusted_proxies: Option<String>,
    /// Whether webhooks may go to addresses of private networks, and this machine's: on or off
    #[arg(long, global = true, value_name = "SWITCH")]
    webhook_private_addresses: Option<String>,
}

/// The names of all settings.
pub fn names() -> Vec<String> {
    Settings::augment_args(Command::new("settings"))
        .get_arguments()
        .map(|arg| arg.get_id().to_string())
        .collect()
}

/// The environment variable of a setting.
pub fn variable(setting: &str) -> String {
    format!("{PREFIX}{}", setting.to_ascii_uppercase())
}

/// The flag of a setting.
pub fn flag(setting: &str) -> String {
    format!("--{}", setting.replace('_', "-"))
}

/// Completes the help of a command's settings with their variables and defaults.
pub fn described(command: Command) -> Command {
    let names = names();
    command.mut_args(|arg| {
        let name = arg.get_id().to_string();
        if !names.contains(&name) {
            return arg;
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let default = DEFAULTS
            .iter()
            .find(|(setting, _)| *setting == name)
            .map_or_else(String::new, |(_, value)| format!(" [default: {value}]"));
        arg.help(format!("{help}{default} [env: {}]", variable(&name)))
    })
}
