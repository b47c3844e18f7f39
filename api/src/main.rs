//! The programme's one binary.

use std::{io::Write, net::TcpListener, sync::Arc};

use anyhow::Context;
use api::{
    app::App,
    cli::{Cli, Command},
    config::Config,
    graphql, http, telemetry,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::read(std::env::args_os()).unwrap_or_else(|error| error.exit());
    let config = Config::load(&cli.settings)?;
    telemetry::start(config.log_format, &config.log)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let app = Arc::new(App::new(config));
            let address = app.config.address;
            let listener = TcpListener::bind(address)
                .with_context(|| format!("cannot listen on {address}"))?;
            let place = listener.local_addr()?;
            tracing::info!("listening on http://{place}");
            http::serve(app, listener).await.context("the server failed")
        }
        Command::Schema => {
            let sdl = graphql::sdl(&graphql::schema());
            std::io::stdout().write_all(sdl.as_bytes()).context("the schema cannot be printed")
        }
        _ => anyhow::bail!("not here yet"),
    }
}
