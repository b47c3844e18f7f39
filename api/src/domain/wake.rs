//! How whoever follows what is written learns of it at once.
//!
//! What this instance writes wakes its own followers. On PostgreSQL every transaction that
//! writes also says so to the other instances when it commits, and each listens on a
//! connection of its own. Nothing rests on being heard: an instance that cannot listen, and
//! every one on SQLite, still looks every so often (see [`Store::follow`]).

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};
use uuid::Uuid;

use super::{error::Failure, store::Store};

/// Where instances say that they have written.
const WRITING: &str = "gpa_writing";
/// Where they say that a file was read further.
const READING: &str = "gpa_reading";

/// How long to wait before listening again, where that was not possible.
const AGAIN: Duration = Duration::from_secs(1);

/// Who is to be woken, and by what name this instance speaks to the others.
pub(super) struct Wake {
    instance: String,
    feed: watch::Sender<()>,
    imports: watch::Sender<()>,
}

impl Default for Wake {
    fn default() -> Self {
        let instance = Uuid::now_v7().to_string();
        Self { instance, feed: watch::Sender::new(()), imports: watch::Sender::new(()) }
    }
}

impl Wake {
    pub(super) fn feed(&self) -> watch::Receiver<()> {
        self.feed.subscribe()
    }

    pub(super) fn imports(&self) -> watch::Receiver<()> {
        self.imports.subscribe()
    }

    pub(super) fn feed_moved(&self) {
        self.feed.send_replace(());
    }

    /// Tells the other instances of what a transaction writes, once it commits.
    pub(super) async fn tell_of_writing(
        &self,
        connection: &DatabaseTransaction,
    ) -> Result<(), DbErr> {
        self.tell(connection, WRITING).await
    }

    /// Commits how far a file was read, and wakes those who follow it.
    pub(super) async fn read_on(&self, transaction: DatabaseTransaction) -> Result<(), Failure> {
        self.tell(&transaction, READING).await?;
        transaction.commit().await?;
        self.imports.send_replace(());
        Ok(())
    }

    async fn tell(&self, connection: &DatabaseTransaction, channel: &str) -> Result<(), DbErr> {
        if connection.get_database_backend() == DbBackend::Postgres {
            let told = format!("NOTIFY {channel}, '{}'", self.instance);
            connection.execute_unprepared(&told).await?;
        }
        Ok(())
    }
}

/// Rings when another instance has written.
pub(super) struct Bell {
    rung: Arc<Notify>,
    listening: Option<JoinHandle<()>>,
}

impl Bell {
    /// Listens for as long as the bell is kept; where nobody can be heard, it never rings.
    pub(super) fn of(store: &Arc<Store>) -> Self {
        let rung = Arc::new(Notify::new());
        let hears = store.reader.get_database_backend() == DbBackend::Postgres;
        let listening = hears.then(|| tokio::spawn(listen(store.clone(), rung.clone())));
        Self { rung, listening }
    }

    pub(super) async fn rings(&self) {
        self.rung.notified().await;
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

async fn listen(store: Arc<Store>, rung: Arc<Notify>) {
    loop {
        if let Err(error) = heed(&store, &rung).await {
            tracing::warn!(%error, "other instances cannot be heard, and are looked after instead");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Listens until the database cannot be reached.
async fn heed(store: &Store, rung: &Notify) -> Result<(), sqlx::Error> {
    // A connection of its own: it is held for ever, which would take one from the pool.
    let options = store.reader.get_postgres_connection_pool().connect_options();
    let alone = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
    let alone = alone.connect_lazy_with((*options).clone());
    let mut listener = PgListener::connect_with(&alone).await?;
    listener.listen_all([WRITING, READING]).await?;
    // Whatever was said before went unheard.
    rung.notify_one();
    loop {
        match listener.try_recv().await? {
            // The connection was lost, and is made again.
            None => rung.notify_one(),
            Some(said) if said.payload() == store.wake.instance => {}
            Some(said) if said.channel() == READING => {
                store.wake.imports.send_replace(());
            }
            Some(_) => rung.notify_one(),
        }
    }
}

impl Store {
    /// Changes whenever this instance has come further in the feed.
    pub fn feed_moves(&self) -> watch::Receiver<()> {
        self.wake.feed()
    }

    /// Changes whenever a file that is imported was read further.
    pub fn imports_move(&self) -> watch::Receiver<()> {
        self.wake.imports()
    }
}
