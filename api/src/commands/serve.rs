//! `gpa serve`: open everything, say where it is, answer until told to stop.

use std::{net::TcpListener, sync::Arc};

use anyhow::Context;

use crate::{app::App, clock::Clock, config::Config, http};

pub async fn run(config: Config) -> anyhow::Result<()> {
    let address = config.address;
    let listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let app = Arc::new(App::open(config, Clock::machine()).await?);
    if app.demonstrate().await? {
        tracing::info!("the database was new: a demonstration programme was loaded, all invented");
    }
    app.follow();
    welcome(&app.config, &format!("http://{}", listener.local_addr()?));
    let store = app.store.clone();
    http::serve(app, listener).await.context("the server failed")?;
    store.close().await;
    Ok(())
}

/// Says where everything is, to the person who started it.
fn welcome(config: &Config, url: &str) {
    tracing::info!("listening on {url}, the API is at {url}/graphql");
    if config.graphiql {
        tracing::info!("try queries in a browser at {url}/graphiql");
    }
    if !config.is_production() {
        tracing::info!("for a token of each role: gpa token --list");
    }
}
