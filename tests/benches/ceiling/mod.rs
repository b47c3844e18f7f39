//! The yardstick: a server that does nothing but run one hand-written statement for
//! each operation, prepared once, and write its rows as JSON. No rules, no limits, no
//! log, no choice of fields: whatever ours costs more is what those cost.

mod answers;
mod facts;
mod figures;
mod flat;
mod recording;
mod statements;

use std::{cell::Cell, net::SocketAddr, rc::Rc};

use actix_web::{
    App, HttpResponse, HttpServer,
    web::{self, Data, Query},
};
use anyhow::Context;
use api::clock::Clock;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, NoTls};

pub(crate) use self::recording::{Item, Record};
use self::{
    figures::Catalogue,
    statements::{Prepared, Statements},
};

/// Connections of each worker. A connection takes further statements while it works on
/// one, so that a few are enough to keep PostgreSQL busy.
const CONNECTIONS: usize = 4;

/// Which tables the statements read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plan {
    /// The register's own, with its past.
    Facts,
    /// One made for the purpose, with today's state alone.
    Flat,
}

impl Plan {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Flat => "flat",
        }
    }

    /// Makes the indexes and tables that the statements want.
    pub(crate) fn prepare(self) -> &'static [&'static str] {
        match self {
            Self::Facts => &[facts::PREPARE],
            Self::Flat => &[figures::flat::PREPARE, flat::PREPARE],
        }
    }

    fn statements(self) -> Statements {
        match self {
            Self::Facts => facts::STATEMENTS,
            Self::Flat => flat::STATEMENTS,
        }
    }
}

/// Runs the server until the process is killed.
pub(crate) async fn serve(plan: Plan, url: String, address: SocketAddr) -> anyhow::Result<()> {
    let routes = move || {
        let url = url.clone();
        App::new()
            .data_factory(move || Pool::open(plan, url.clone()))
            .route("/health/ready", web::get().to(HttpResponse::Ok))
            .route("/hub", web::get().to(hub))
            .route("/site", web::get().to(site))
            .route("/search", web::get().to(search))
            .route("/national", web::get().to(figures::national))
            .route("/portal", web::get().to(figures::portal))
            .route("/observations", web::get().to(figures::observations))
            .route("/record", web::post().to(recording::record))
    };
    Ok(HttpServer::new(routes).bind(address)?.run().await?)
}

struct Connection {
    client: Client,
    prepared: Prepared,
}

impl Connection {
    async fn open(plan: Plan, url: &str) -> Result<Self, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        actix_web::rt::spawn(connection);
        let prepared = plan.statements().prepare(&client).await?;
        Ok(Self { client, prepared })
    }
}

/// The connections of one worker, used in turn; no other thread touches them.
struct Pool {
    connections: Rc<[Connection]>,
    /// The one that writes, one transaction after another.
    writing: tokio::sync::Mutex<Connection>,
    catalogue: Catalogue,
    next: Cell<usize>,
    clock: Clock,
}

impl Pool {
    async fn open(plan: Plan, url: String) -> Result<Self, tokio_postgres::Error> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(Connection::open(plan, &url).await?);
        }
        let writing = Connection::open(plan, &url).await?;
        let catalogue = Catalogue::load(&writing.client).await?;
        let (next, clock) = (Cell::new(0), Clock::machine());
        let writing = tokio::sync::Mutex::new(writing);
        Ok(Self { connections: connections.into(), writing, catalogue, next, clock })
    }

    fn next(&self) -> &Connection {
        let number = self.next.get();
        self.next.set((number + 1) % CONNECTIONS);
        &self.connections[number]
    }
}

#[derive(Deserialize)]
struct Asked {
    by: String,
}

async fn hub(pool: Data<Pool>, asked: Query<Asked>) -> actix_web::Result<HttpResponse> {
    let Connection { client, prepared } = pool.next();
    let rows = client.query(&prepared.hub, &[&asked.by, &pool.clock.today()]).await;
    written(&answers::hub(&rows.map_err(failed)?))
}

async fn site(pool: Data<Pool>, asked: Query<Asked>) -> actix_web::Result<HttpResponse> {
    let Connection { client, prepared } = pool.next();
    let rows = client.query(&prepared.site, &[&asked.by, &pool.clock.today()]).await;
    written(&answers::site(&rows.map_err(failed)?))
}

async fn search(pool: Data<Pool>, asked: Query<Asked>) -> actix_web::Result<HttpResponse> {
    let text = asked.by.to_uppercase();
    let (part, start) = (format!("%{text}%"), format!("{}%", text.replace(' ', "")));
    let Connection { client, prepared } = pool.next();
    let rows = client.query(&prepared.search, &[&text, &part, &start]).await;
    written(&answers::search(&rows.map_err(failed)?))
}

fn written(answer: &impl Serialize) -> actix_web::Result<HttpResponse> {
    let body = serde_json::to_vec(answer)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}

fn failed(error: tokio_postgres::Error) -> actix_web::Error {
    actix_web::error::ErrorInternalServerError(error)
}

/// Runs statements that give nothing back.
pub(crate) async fn run(url: &str, statements: &str) -> anyhow::Result<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let running = tokio::spawn(connection);
    client.batch_execute(statements).await.context("a statement of the benchmarks")?;
    drop(client);
    Ok(running.await??)
}
