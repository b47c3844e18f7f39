//! The database, and the snapshot of the directory that is read instead of it.
//!
//! Connections are private to `domain/`. SQLite has one writing connection and
//! several readers; PostgreSQL has one pool. Whatever writes runs to its end even
//! when the caller has gone: see [`Store::uninterrupted`].

mod era;
mod whole;

use std::{
    future::Future,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::NaiveDate;
use moka::sync::Cache;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, TransactionTrait,
};
use tokio::sync::Mutex;

use self::era::Era;
pub(super) use self::whole::Whole;
use super::{
    api_clients::{self, ApiClients, used::Written},
    directory::{Directory, load},
    error::Failure,
    figures::{
        controlled::Public,
        kept::{self, Answers},
    },
    metrics::catalogue::{self, Catalogue},
    operations::{self, Operations},
    records::{self, Records},
    turn::{day, reached},
    usage::Pending,
    wake::{Bell, Wake},
    webhooks::target::Targets,
};
use crate::{auth::secret::Hasher, clock::Clock, config::Environment};

/// The metric, how far the register, the figures and the records had come, and the day.
type PublicKey = (String, i64, i64, i64, NaiveDate);

/// The least time between two refreshes.
const APART: Duration = Duration::from_millis(20);

pub struct Store {
    pub(super) writer: DatabaseConnection,
    pub(super) reader: DatabaseConnection,
    pub(super) clock: Clock,
    environment: Environment,
    directory: RwLock<Arc<Directory>>,
    catalogue: RwLock<Arc<Catalogue>>,
    records: RwLock<Arc<Records>>,
    api_clients: RwLock<Arc<ApiClients>>,
    operations: RwLock<Arc<Operations>>,
    pub(super) usage: Pending,
    pub(super) clients_used: Written,
    hasher: Hasher,
    /// Where webhooks may lead; to the internet alone, until it is said.
    webhook_targets: OnceLock<Targets>,
    /// The last position of the feed that changed a figure, as far as is known here.
    figures: AtomicI64,
    /// Up to which position of the feed everything that is held in memory has come.
    position: AtomicI64,
    /// Wakes whoever follows what is written.
    pub(super) wake: Wake,
    /// What holds from one reset of a sandbox to the next, as far as is known here.
    era: RwLock<Era>,
    /// Held by whoever puts a sandbox back.
    pub(super) resetting: Arc<Mutex<()>>,
    /// What everybody is shown of figures about people.
    pub(super) public: Cache<PublicKey, Arc<Public>>,
    /// What was worked out of figures before.
    pub(super) answers: Answers,
    pub(super) latest: Cache<kept::Key, kept::Latest>,
}

impl Store {
    pub(super) async fn new(
        writer: DatabaseConnection,
        reader: DatabaseConnection,
        clock: Clock,
        environment: Environment,
    ) -> Result<Arc<Self>, DbErr> {
        let snapshot = snapshot(&reader).await?;
        let operations = RwLock::new(Arc::new(operations::load(&snapshot).await?));
        let whole = Whole::load(&snapshot).await?;
        let reached = reached(&snapshot).await?;
        snapshot.commit().await?;
        let figures = AtomicI64::new(reached.figures_position);
        let position = AtomicI64::new(reached.position);
        clock.put_ahead(reached.ahead);
        let (public, answers, latest) = (Cache::new(64), kept::answers(), kept::latest());
        Ok(Arc::new(Self {
            writer,
            reader,
            clock,
            environment,
            directory: RwLock::new(whole.directory),
            catalogue: RwLock::new(whole.catalogue),
            records: RwLock::new(whole.records),
            api_clients: RwLock::new(whole.api_clients),
            operations,
            usage: Pending::default(),
            clients_used: Written::default(),
            hasher: Hasher::default(),
            webhook_targets: OnceLock::new(),
            figures,
            position,
            wake: Wake::default(),
            era: RwLock::new(Era::of(&reached)),
            resetting: Arc::default(),
            public,
            answers,
            latest,
        }))
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What the program is run for.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// The newest snapshot of the directory that this instance has.
    pub(super) fn directory(&self) -> Arc<Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a newer snapshot the one that everybody reads.
    pub(super) fn publish(&self, directory: Arc<Directory>) {
        let mut current = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        if directory.position() > current.position() {
            *current = directory;
        }
    }

    /// The newest snapshot of the definitions that this instance has.
    pub(super) fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a newer snapshot of the definitions the one that everybody reads.
    pub(super) fn publish_catalogue(&self, catalogue: Arc<Catalogue>) {
        let mut current = self.catalogue.write().unwrap_or_else(PoisonError::into_inner);
        if catalogue.position() > current.position() {
            *current = catalogue;
        }
    }

    /// The newest snapshot of the programme's records that this instance has.
    pub(super) fn records(&self) -> Arc<Records> {
        self.records.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a newer snapshot of the records the one that everybody reads.
    pub(super) fn publish_records(&self, records: Arc<Records>) {
        let mut current = self.records.write().unwrap_or_else(PoisonError::into_inner);
        if records.position() > current.position() {
            *current = records;
        }
    }

    /// The newest snapshot of the machine clients that this instance has.
    pub(super) fn api_clients(&self) -> Arc<ApiClients> {
        self.api_clients.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a newer snapshot of the machine clients the one that everybody is judged by.
    pub(super) fn publish_api_clients(&self, clients: Arc<ApiClients>) {
        let mut current = self.api_clients.write().unwrap_or_else(PoisonError::into_inner);
        if clients.position() > current.position() {
            *current = clients;
        }
    }

    /// The newest snapshot of the registered operations that this instance has.
    pub(super) fn operations(&self) -> Arc<Operations> {
        self.operations.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a newer snapshot of the operations the one that everybody asks by.
    pub(super) fn publish_operations(&self, operations: Arc<Operations>) {
        let mut current = self.operations.write().unwrap_or_else(PoisonError::into_inner);
        if operations.position() > current.position() {
            *current = operations;
        }
    }

    /// What works out the hashes of clients' secrets.
    pub fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// Where webhooks may lead.
    pub fn webhook_targets(&self) -> Targets {
        self.webhook_targets.get().copied().unwrap_or_default()
    }

    /// Says, once, where webhooks may lead.
    pub fn lead_webhooks_to(&self, targets: Targets) {
        self.webhook_targets.get_or_init(|| targets);
    }

    /// How far figures have come: what was worked out from them holds until it rises.
    pub(super) fn figures_position(&self) -> i64 {
        self.figures.load(Ordering::Acquire)
    }

    pub(super) fn figures_reached(&self, position: i64) {
        self.figures.fetch_max(position, Ordering::AcqRel);
    }

    /// Up to which position of the feed everything that is held in memory has come.
    pub(super) fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// Takes over what other instances have written, if there is anything.
    pub(super) async fn catch_up(&self) -> Result<(), Failure> {
        let reached = reached(&self.reader).await?;
        let current = reached.position <= self.position() && self.is_of_now(&reached);
        if current { Ok(()) } else { self.refresh().await }
    }

    /// Takes over what other instances, or the command line, have written.
    pub async fn refresh(&self) -> Result<(), Failure> {
        let snapshot = snapshot(&self.reader).await?;
        let reached = reached(&snapshot).await?;
        if !self.is_of_now(&reached) {
            let whole = Whole::load(&snapshot).await?;
            snapshot.commit().await?;
            self.begin_anew(whole, &reached);
            return Ok(());
        }
        let newer = load::refresh(&self.directory(), &snapshot).await?.map(Arc::new);
        let definitions = catalogue::refresh(&self.catalogue(), &snapshot).await?;
        let directory = newer.clone().unwrap_or_else(|| self.directory());
        let records = records::load::refresh(&self.records(), &snapshot, &directory).await?;
        let clients = api_clients::refresh(&self.api_clients(), &snapshot).await?;
        let operations = operations::refresh(&self.operations(), &snapshot).await?;
        snapshot.commit().await?;
        if let Some(operations) = operations {
            self.publish_operations(Arc::new(operations));
        }
        if let Some(clients) = clients {
            self.publish_api_clients(Arc::new(clients));
        }
        if let Some(records) = records {
            self.publish_records(Arc::new(records));
        }
        if let Some(definitions) = definitions {
            self.publish_catalogue(Arc::new(definitions));
        }
        self.figures_reached(reached.figures_position);
        if let Some(newer) = newer {
            self.publish(newer);
        }
        self.reached(&reached);
        Ok(())
    }

    /// Refreshes for ever: at once where another instance says that it has written, and every
    /// so often, which bounds how far this one lags behind where nobody can say so. Tells
    /// what a new day brings.
    pub async fn follow(self: Arc<Self>, every: Duration) {
        let bell = Bell::of(&self);
        loop {
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = bell.rings() => {}
            }
            if let Err(failure) = self.refresh().await {
                tracing::warn!(?failure, "the directory could not be refreshed");
            } else if let Err(failure) = self.pass_day().await {
                tracing::warn!(?failure, "what the day brings could not be told");
            }
            // What is written meanwhile is taken over together.
            tokio::time::sleep(APART).await;
        }
    }

    /// Tells in the feed what a new day brings, if one has come that nobody has told of.
    pub async fn pass_day(self: &Arc<Self>) -> Result<bool, Failure> {
        if self.day_has_come() { day::pass(self).await } else { Ok(false) }
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        self.reader.execute_unprepared("SELECT 1").await.is_ok()
    }

    /// Runs work that writes in a task of its own, so that a caller who goes away
    /// cannot cut off a transaction: sqlx 0.9 would hand its connection on with the
    /// transaction still open (launchbadge/sqlx#4393).
    pub(super) async fn uninterrupted<T: Send + 'static>(
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        match tokio::spawn(work).await {
            Ok(done) => done,
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }

    /// Closes every connection, once nothing uses them any more.
    pub async fn close(&self) {
        if let Err(error) = self.write_usage().await {
            tracing::warn!(%error, "who used what could not be written");
        }
        for connection in [&self.writer, &self.reader] {
            if let Err(error) = connection.clone().close().await {
                tracing::warn!(%error, "a database connection did not close");
            }
        }
    }
}

/// One state of the database for several queries, whatever is written meanwhile.
async fn snapshot(reader: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match reader.get_database_backend() {
        DbBackend::Postgres => {
            let (level, mode) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
            reader.begin_with_config(Some(level), Some(mode)).await
        }
        // A transaction of SQLite sees one state from its first read on.
        _ => reader.begin().await,
    }
}
