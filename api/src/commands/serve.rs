//! `gpa serve`: open everything, say where it is, answer until told to stop.

use std::{io, net::TcpListener, pin::pin, sync::Arc};

use anyhow::Context;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::Instant,
};

use crate::{app::App, clock::Clock, config::Config, http};

pub async fn run(config: Config) -> anyhow::Result<()> {
    let address = config.address;
    let listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let app = Arc::new(App::open(config, Clock::machine()).await?);
    if app.demonstrate().await? {
        tracing::info!("the database was new: a demonstration programme was loaded, all invented");
    }
    let sending = app.follow();
    welcome(&app.config, &format!("http://{}", listener.local_addr()?));
    let (store, shutdown) = (app.store.clone(), app.config.shutdown);
    let mut serving = pin!(http::serve(app, listener));
    let mut served = None;
    // The server and the couriers stop at the same time, each finishing what it is about.
    tokio::select! {
        ended = &mut serving => served = Some(ended),
        told = told_to_stop() => told.context("nobody could say when to stop")?,
    }
    let until = Instant::now() + shutdown;
    if let Some(sending) = &sending {
        sending.stop();
    }
    let served = match served {
        Some(served) => served,
        None => serving.await,
    };
    if let Some(sending) = sending {
        sending.end(until).await;
    }
    store.close().await;
    served.context("the server failed")
}

async fn told_to_stop() -> io::Result<()> {
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
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
