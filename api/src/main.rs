//! The programme's one binary.

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use api::{
    cli::{Cli, Command},
    commands,
    config::Config,
    domain::opening,
    graphql, telemetry,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The causes, on one line: what went wrong is for a person, not a debugger.
            let said = writeln!(std::io::stderr(), "gpa: {error:#}");
            if said.is_ok() { ExitCode::FAILURE } else { ExitCode::from(2) }
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let config = Config::load(&cli.settings)?;
    telemetry::start(config.log_format, &config.log)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve::run(config).await,
        Command::Migrate => {
            opening::migrate(config.database_url.reveal()).await.context("nothing was migrated")
        }
        Command::Import(import) => commands::import::run(config, import).await,
        Command::Export(export) => commands::export::run(config, export).await,
        Command::Check(check) => commands::check::run(config, check).await,
        Command::Demo(demo) => commands::demo::run(config, demo).await,
        Command::Token(token) => commands::token::run(config, token).await,
        Command::Schema => {
            let sdl = graphql::sdl(&graphql::schema());
            std::io::stdout().write_all(sdl.as_bytes()).context("the schema cannot be printed")
        }
    }
}
