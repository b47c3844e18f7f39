//! What can be typed after `gpa`.

use std::{ffi::OsString, path::PathBuf};

use chrono::NaiveDate;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::{
    auth::actor::{Role, Scope},
    config::{Settings, settings},
    export::Wanted,
    ids::OrganisationCode,
};

/// The record of the General Practice Assistant programme, and its GraphQL API.
#[derive(Debug, Parser)]
#[command(
    name = "gpa",
    version,
    max_term_width = 100,
    after_help = "A setting may be a flag, a variable of the environment, or a line in the \
                  settings file; the first of these wins."
)]
pub struct Cli {
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open or make the database, bring it up to date, and answer requests (the default)
    Serve,
    /// Bring the database up to date, and stop
    Migrate,
    /// Load one edition of a public NHS file, or a file of figures
    Import(Import),
    /// Write figures to a file, as the programme team sees them
    Export(Export),
    /// Make again what is kept, and report what differs
    Check(Check),
    /// Fill a new database with an invented programme of any size
    Demo(Demo),
    /// Print a token signed with the embedded key; not in production
    Token(Token),
    /// Print the GraphQL schema
    Schema,
}

#[derive(Debug, Args)]
pub struct Import {
    /// What the file holds
    pub kind: ImportKind,
    /// The file: CSV or XLSX
    pub file: PathBuf,
    /// The day that the file describes; needed where its name does not say
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub edition: Option<NaiveDate>,
    /// Record figures as approved, not as provisional
    #[arg(long)]
    pub approved: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where to write the rows that were refused
    #[arg(long, value_name = "FILE")]
    pub reject_file: Option<PathBuf>,
    /// With more refused rows than this, nothing is written
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub max_errors: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// The ODS register of general practices
    Ods,
    /// The ODS register of primary care networks and their members
    Pcn,
    /// Patients registered at each practice
    ListSizes,
    /// Which sub-ICB belongs to which ICB and region
    Hierarchy,
    /// Figures, one on each line
    #[value(alias = "figures")]
    Observations,
    /// Figures in our own return template, CSV or XLSX
    Returns,
    /// NHS England's PCN Workforce, one person and post on each line
    Workforce,
}

/// What the parameters mean, and which belong to what, is told in [`crate::export`].
#[derive(Debug, Args)]
pub struct Export {
    /// The kind of file, such as series.csv
    #[arg(value_name = "FILE", value_parser = wanted)]
    pub wanted: Wanted,
    /// NAME=VALUE, as in the URL: metrics=gpa.fte of='every REGION' periods='last 24'
    #[arg(value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// Where to write it; standard output if nothing is said
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write what the public sees: figures about people under disclosure control
    #[arg(long)]
    pub public: bool,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// How many sites there are
    #[arg(long, value_name = "NUMBER", default_value_t = 210,
          value_parser = clap::value_parser!(u32).range(1..=9_999))]
    pub sites: u32,
    /// The same seed tells the same story
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, Args)]
pub struct Check {
    /// What to check; everything if nothing is said
    pub what: Option<CheckKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckKind {
    /// That every sum which is kept equals what comes of the observations
    Rollups,
    /// That learners, posts and stages obey the programme's rules
    Records,
}

#[derive(Debug, Args)]
pub struct Token {
    /// Print a token for each role of the demonstration
    #[arg(long, conflicts_with_all = ["role", "organisation", "scopes"])]
    pub list: bool,
    /// Who is calling
    #[arg(long, required_unless_present = "list", value_parser = role)]
    pub role: Option<Role>,
    /// For which organisation, such as ods:Y62 or hub:west-yorkshire
    #[arg(long, required_unless_present = "list", value_parser = organisation)]
    pub organisation: Option<OrganisationCode>,
    /// The person or machine, as a reference that is not a name
    #[arg(long, default_value = "local")]
    pub subject: String,
    /// What an integrator may do; give it once for each scope
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    pub scopes: Vec<Scope>,
    /// How long the token lasts
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub minutes: u32,
}

fn wanted(text: &str) -> Result<Wanted, String> {
    Wanted::named(text).ok_or_else(|| {
        "the files are series.csv, .jsonl, .xlsx and observations.csv, .jsonl".to_owned()
    })
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').ok_or("write NAME=VALUE, such as of=england")?;
    Ok((parts.0.to_owned(), parts.1.to_owned()))
}

fn role(text: &str) -> Result<Role, String> {
    Role::named(text).ok_or_else(|| {
        let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        format!("the roles are {}", names.join(", "))
    })
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::named(text).ok_or_else(|| {
        let names: Vec<_> = Scope::ALL.iter().map(|scope| scope.name()).collect();
        format!("the scopes are {}", names.join(", "))
    })
}

fn organisation(text: &str) -> Result<OrganisationCode, String> {
    text.parse().map_err(|malformed: crate::ids::Malformed| malformed.to_string())
}

impl Cli {
    /// Reads a command line; the error is also how help and the version are shown.
    pub fn read(
        words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> clap::error::Result<Self> {
        Self::from_arg_matches(&settings::described(Self::command()).try_get_matches_from(words)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_lists_every_setting_with_its_variable_and_default() {
        for words in [&["gpa", "help"][..], &["gpa", "--help"], &["gpa", "serve", "--help"]] {
            let help = Cli::read(words).unwrap_err().to_string();
            for name in settings::names() {
                assert!(help.contains(&settings::flag(&name)), "{words:?} lacks {name}");
                assert!(help.contains(&settings::variable(&name)), "{words:?} lacks {name}");
            }
            for (name, default) in settings::DEFAULTS {
                assert!(help.contains(&format!("[default: {default}]")), "{words:?} {name}");
            }
        }
    }

    #[test]
    fn settings_may_stand_before_and_after_the_command() {
        assert!(Cli::read(["gpa"]).unwrap().command.is_none());
        assert!(Cli::read(["gpa", "--port", "1", "serve"]).is_ok());
        assert!(Cli::read(["gpa", "serve", "--port", "1"]).is_ok());
        assert!(Cli::read(["gpa", "serve", "--prot", "1"]).is_err());
    }

    #[test]
    fn a_token_needs_a_role_and_an_organisation_of_the_programme() {
        let token = |rest: &[&str]| Cli::read([&["gpa", "token"], rest].concat());
        assert!(token(&["--role", "hub_team", "--organisation", "hub:leeds"]).is_ok());
        assert!(token(&["--list"]).is_ok());
        assert!(token(&[]).is_err());
        assert!(token(&["--role", "Hub_Team", "--organisation", "hub:leeds"]).is_err());
        assert!(token(&["--role", "hub_team", "--organisation", "leeds"]).is_err());
        assert!(token(&["--list", "--role", "hub_team"]).is_err());
    }
}
