//! The real program, put together anew for every test, on both of its databases.
//!
//! A test's body is written once and runs on SQLite and on PostgreSQL, against one
//! expectation: [`on_both`] hands it a [`World`] of its own, copied from a template
//! that is built once. It asks through the front door, with tokens that are really
//! signed, on a clock that stands still at [`NOW`]. What the world holds is told in
//! `built`; who asks, in `people`. Where there is no PostgreSQL its half is skipped,
//! loudly, and fails where `REQUIRE_POSTGRES=1` says that there must be one.

mod begun;
mod built;
mod cluster;
mod commands;
mod database;
mod folder;
mod measures;
pub(crate) mod people;
mod server;
mod world;

pub(crate) use self::{
    commands::{command, with},
    folder::loudly,
    people::Who,
    server::{Served, Server, serve, serve_on, serve_with, served_with},
    world::{World, config, raw},
};

use self::begun::Begun;
use actix_web::rt::System;
use chrono::{DateTime, Utc};

/// The moment at which everything happens: a Thursday morning.
pub(crate) const NOW: &str = "2026-01-15T09:00:00Z";

pub(crate) fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// What makes the program a sandbox.
pub(crate) const SANDBOX: &[&str] = &["--environment", "sandbox"];

/// Runs a test's body on each database, in a world of its own.
pub(crate) fn on_both(body: impl AsyncFn(&World)) {
    on_sqlite(&body);
    on_postgres(&body);
}

pub(crate) fn on_sqlite(body: impl AsyncFn(&World)) {
    let copy = database::sqlite(Begun::World);
    eprintln!("on SQLite:");
    System::new().block_on(run(copy, body));
}

pub(crate) fn on_postgres(body: impl AsyncFn(&World)) {
    if let Some(copy) = database::postgres(Begun::World) {
        eprintln!("on PostgreSQL:");
        System::new().block_on(run(copy, body));
    }
}

/// Runs a test's body on each database, in a sandbox of its own.
pub(crate) fn on_both_sandboxes(body: impl AsyncFn(&World)) {
    for copy in [Some(database::sqlite(Begun::Sandbox)), database::postgres(Begun::Sandbox)] {
        let Some(copy) = copy else { continue };
        eprintln!("in the sandbox on {}:", copy.url);
        System::new().block_on(run(copy, &body));
    }
}

async fn run(copy: database::Copy, body: impl AsyncFn(&World)) {
    let world = World::open(copy).await;
    body(&world).await;
    world.close().await;
}

/// Whether the PostgreSQL half of the tests is run.
pub(crate) fn has_postgres() -> bool {
    cluster::Cluster::get().is_some()
}

/// Another instance of the program on the database of a world.
pub(crate) async fn on_the_same(world: &World) -> World {
    World::open(world.another_look()).await
}

/// As [`on_the_same`], with settings of the test's choice, written as flags.
pub(crate) async fn on_the_same_with(world: &World, flags: &[&str]) -> World {
    World::open_with(world.another_look(), flags).await
}

/// Runs a test's body on each database, in a register that holds the reference data alone.
pub(crate) fn on_both_new(body: impl AsyncFn(&World)) {
    on_new_sqlite(&body);
    on_new_postgres(&body);
}

pub(crate) fn on_new_sqlite(body: impl AsyncFn(&World)) {
    eprintln!("on a new SQLite:");
    System::new().block_on(run(database::empty_sqlite(), body));
}

pub(crate) fn on_new_postgres(body: impl AsyncFn(&World)) {
    if let Some(copy) = database::empty_postgres() {
        eprintln!("on a new PostgreSQL:");
        System::new().block_on(run(copy, body));
    }
}

/// Hands a test the URL of a database that nothing was ever written to, of each kind.
pub(crate) fn on_both_empty(body: impl AsyncFn(&str)) {
    for copy in [Some(database::empty_sqlite()), database::empty_postgres()].into_iter().flatten() {
        eprintln!("on {}:", copy.url);
        System::new().block_on(async {
            body(&copy.url).await;
            copy.drop().await;
        });
    }
}
