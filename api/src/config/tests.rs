//! Which source of settings wins, and what is refused in each.

use std::{fs, path::Path};

use clap::Parser;

use super::*;
use crate::auth::keys::Algorithm;

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    settings: Settings,
}

fn load(flags: &[&str], variables: &[(&str, &str)]) -> Result<Config, String> {
    let program = Program::parse_from([&["gpa"], flags].concat());
    let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    Config::from_sources(&program.settings, variables).map_err(|refused| refused.to_string())
}

fn file(folder: &Path, text: &str) -> String {
    let path = folder.join("gpa.toml");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn nothing_configured_is_a_development_server_on_this_machine() {
    let config = load(&[], &[]).unwrap();
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.address.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url.reveal(), "sqlite://.gpa/gpa.db");
    assert!(config.graphiql && config.introspection && config.issuers.is_empty());
    assert_eq!((config.limits.depth, config.limits.aliases), (16, 30));
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "port = 1\nmax_depth = 2\nworkers = 3");
    let variables = [("GPA_CONFIG", path.as_str()), ("GPA_PORT", "4"), ("GPA_MAX_DEPTH", "5")];
    let config = load(&["--port", "6"], &variables).unwrap();
    assert_eq!((config.address.port(), config.limits.depth, config.workers), (6, 5, 3));
}

#[test]
fn a_wrong_value_is_refused_with_its_name_its_source_and_what_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "port = 70000");
    let refused = |flags: &[&str], variables: &[(&str, &str)]| load(flags, variables).unwrap_err();
    assert_eq!(
        refused(&["--port", "http"], &[]),
        "--port (on the command line) must be a whole number from 0 to 65535, not string \"http\""
    );
    assert_eq!(
        refused(&[], &[("GPA_LOG_FORMAT", "xml")]),
        "GPA_LOG_FORMAT (in the environment) must be text or json, not \"xml\""
    );
    let from_file = refused(&["--config", &path], &[]);
    assert!(
        from_file.starts_with("port (in ") && from_file.contains("from 0 to 65535"),
        "{from_file}"
    );
    assert!(refused(&["--max-depth", "0"], &[]).contains("from 1 to 30"));
    assert!(refused(&["--introspection", "maybe"], &[]).contains("on or off"));
    assert!(refused(&["--host", "everywhere"], &[]).contains("an IP address"));
    assert!(refused(&["--log", "api=loud"], &[]).contains("a filter such as"));
}

#[test]
fn what_is_no_setting_is_refused_in_the_environment_and_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let misspelt = load(&[], &[("GPA_DATABSE_URL", "x")]).unwrap_err();
    assert!(misspelt.contains("GPA_DATABSE_URL (in the environment) is not a setting"));
    assert!(misspelt.contains("did you mean database_url?"), "{misspelt}");
    let path = file(folder.path(), "max_dept = 3");
    assert!(load(&["--config", &path], &[]).unwrap_err().contains("max_dept (in "));
    assert!(load(&["--config", "/nowhere.toml"], &[]).unwrap_err().contains("cannot be read"));
    assert!(load(&[], &[("PATH", "/bin"), ("LANG", "C")]).is_ok());
}

#[test]
fn a_password_is_never_shown() {
    let secret = "postgres://gpa:hunter2@db.example/gpa?sslkey=hunter2";
    let config = load(&[], &[("GPA_DATABASE_URL", secret)]).unwrap();
    assert_eq!(config.database_url.reveal(), secret);
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(config.database_url.to_string(), "postgres://…@db.example/gpa");

    let wrong = load(&[], &[("GPA_DATABASE_URL", "mysql://gpa:hunter2@db.example")]).unwrap_err();
    assert!(wrong.contains("GPA_DATABASE_URL") && wrong.contains("sqlite://"), "{wrong}");
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "database_url = \"postgres://gpa:hunter2@db\" x");
    let broken = load(&["--config", &path], &[]).unwrap_err();
    assert!(broken.contains("not TOML") && broken.contains("line 1"), "{broken}");
    assert!(![wrong, broken].concat().contains("hunter2"));
}

#[test]
fn a_sandbox_shows_the_query_page_and_signs_tokens_itself() {
    let config = load(&["--environment", "sandbox"], &[]).unwrap();
    assert_eq!(config.environment, Environment::Sandbox);
    assert!(config.graphiql && config.introspection && config.issuers.is_empty());
    assert!(!config.is_production());
}

#[test]
fn production_needs_an_issuer_and_shows_no_query_page() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    fs::write(&keys, "{}").unwrap();
    let production = ("GPA_ENVIRONMENT", "production");
    assert!(load(&[], &[production]).unwrap_err().contains("production needs an issuer"));

    let keys = keys.display().to_string();
    let issuer = ["--issuer", "https://id.example", "--audience", "gpa", "--jwks-file", &keys];
    let config = load(&issuer, &[production]).unwrap();
    assert!(!config.graphiql && config.is_production());
    assert_eq!(config.issuers[0].role_claim.top(), "role");
    let shown = [&issuer[..], &["--graphiql", "on"]].concat();
    assert!(load(&shown, &[production]).unwrap_err().contains("graphiql"));
    assert!(load(&issuer[..2], &[]).unwrap_err().contains("belong together"));
}

#[test]
fn the_file_names_many_issuers_and_no_shared_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    fs::write(&keys, "{}").unwrap();
    let issuer = |more: &str| {
        let keys = keys.display();
        let text = format!(
            "[[issuers]]\nissuer = \"https://a\"\naudience = \"gpa\"\njwks_file = \"{keys}\"\n{more}"
        );
        load(&["--config", &file(folder.path(), &text)], &[])
    };
    let config = issuer("algorithms = [\"ES256\"]\nrole_claim = \"gpa_role\"").unwrap();
    assert_eq!(config.issuers[0].algorithms, [Algorithm::Es256]);
    assert!(issuer("algorithms = [\"HS256\"]").unwrap_err().contains("RS256"));
    assert!(issuer("secret = \"x\"").unwrap_err().contains("secret is not a setting"));
    let mapped = "roles = { \"GPA-Hub\" = \"hub_team\" }\norganisation_prefix = \"hub:\"\n\
                  role_claim = [\"realm\", \"groups\"]\naccess_token_type = \"JWT\"";
    assert_eq!(issuer(mapped).unwrap().issuers[0].role_claim.top(), "realm");
}

#[test]
fn an_issuer_that_publishes_its_keys_needs_a_list_of_algorithms() {
    let issuer = ["--issuer", "https://id.example", "--audience", "gpa"];
    assert!(load(&issuer, &[]).unwrap_err().contains("belong together"));
    let listed = [&issuer[..], &["--algorithms", "RS256, ES256"]].concat();
    let config = load(&listed, &[("GPA_ENVIRONMENT", "production")]).unwrap();
    assert_eq!(config.issuers[0].algorithms, [Algorithm::Rs256, Algorithm::Es256]);
    assert_eq!(config.issuers[0].jwks_file, None);
    let secret = [&issuer[..], &["--algorithms", "HS256"]].concat();
    assert!(load(&secret, &[]).unwrap_err().contains("RS256, RS512"));
}

#[test]
fn the_service_knows_where_it_is_reached() {
    let config = load(&["--port", "81"], &[]).unwrap();
    assert_eq!(config.public_url, "http://127.0.0.1:81");
    assert!(config.signing_key_file.is_none() && config.trusted_proxies == 0);
    let url = |url: &str| load(&["--public-url", url], &[]);
    assert_eq!(url("https://gpa.example").unwrap().public_url, "https://gpa.example");
    for wrong in ["gpa.example", "https://gpa.example/", "http://gpa.example", "https://a/?b"] {
        assert!(url(wrong).unwrap_err().contains("--public-url"), "{wrong}");
    }
}

#[test]
fn other_origins_are_written_as_browsers_write_them() {
    let origins = |text: &str| load(&["--allowed-origins", text], &[]);
    assert!(load(&[], &[]).unwrap().allowed_origins.is_empty());
    let two = origins("https://a.example, http://localhost:3000").unwrap().allowed_origins;
    assert_eq!(two, ["https://a.example", "http://localhost:3000"]);
    for wrong in ["*", "null", "", "a.example", "https://a.example/", "https://a.example:443"] {
        assert!(origins(wrong).unwrap_err().contains("--allowed-origins"), "{wrong}");
    }
}

#[test]
fn a_service_that_issues_tokens_says_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let keys = file(folder.path(), "");
    let production =
        ["--environment", "production", "--issuer", "https://id.example", "--audience"];
    let production = [&production[..], &["gpa", "--jwks-file", &keys, "--database-url"]].concat();
    let production = [&production[..], &["postgres://gpa@db/gpa"]].concat();
    let with = |more: &[&str]| load(&[&production[..], more].concat(), &[]);
    assert!(with(&[]).is_ok());
    let nameless = with(&["--signing-key-file", "key.pem"]).unwrap_err();
    assert!(nameless.contains("public_url"), "{nameless}");
    let named = ["--signing-key-file", "key.pem", "--public-url", "https://gpa.example"];
    assert!(with(&named).is_ok());
    let alone = with(&["--other-signing-key-file", "key.pem"]).unwrap_err();
    assert!(alone.contains("signing_key_file beside it"), "{alone}");
}
