//! Opening the database: connect, migrate alone, check, load.

use std::{path::Path, sync::Arc, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, FromQueryResult,
    Statement,
};

use super::{sandbox, store::Store};
use crate::{clock::Clock, config::Environment};

/// SQLite before this release can corrupt a database in WAL mode.
const SAFE_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// Any number of ours: the advisory lock that migrations hold on PostgreSQL.
const MIGRATING: i64 = 0x6770_6101;

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    #[error("database_url must start with sqlite:// or postgres://")]
    UnknownKind,
    #[error("the folder of the database cannot be made: {0}")]
    NoFolder(std::io::Error),
    #[error("the database cannot be locked for migration: {0}")]
    NoLock(std::io::Error),
    #[error("this build carries SQLite {0}, and needs 3.51.3 or later")]
    UnsafeSqlite(String),
    #[error(
        "a sandbox can be reset, and this database was not begun as one: give the sandbox an \
         empty database of its own"
    )]
    NotASandbox,
    #[error("this database is a sandbox's: set GPA_ENVIRONMENT=sandbox, or give another one")]
    OfASandbox,
    #[error("the database could not be opened or migrated: {0}")]
    Database(#[from] DbErr),
}

/// Connects to the database, brings it up to this program's shape, and loads the directory.
pub async fn open(
    url: &str,
    pool: u32,
    clock: Clock,
    environment: Environment,
) -> Result<Arc<Store>, NotOpened> {
    migrate(url).await?;
    let (writer, reader) = if let Some(path) = sqlite_path(url) {
        let url = format!("sqlite://{path}?mode=rwc");
        let writer = Database::connect(sqlite(&url, 1)).await?;
        check_version(&writer).await?;
        (writer, Database::connect(sqlite(&url, pool.max(2))).await?)
    } else {
        let both = Database::connect(postgres(url, pool)).await?;
        (both.clone(), both)
    };
    sandbox::claim(&writer, environment).await?;
    Ok(Store::new(writer, reader, clock, environment).await?)
}

/// Brings the database up to this program's shape. Only one process does so at a
/// time; another waits and finds nothing left to do.
pub async fn migrate(url: &str) -> Result<(), NotOpened> {
    let Some(path) = sqlite_path(url) else {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(NotOpened::UnknownKind);
        }
        let alone = Database::connect(postgres(url, 1)).await?;
        alone.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATING})")).await?;
        Migrator::up(&alone, None).await?;
        return Ok(alone.close().await?);
    };
    let _lock = lock_beside(path)?;
    let alone = Database::connect(sqlite(&format!("sqlite://{path}?mode=rwc"), 1)).await?;
    Migrator::up(&alone, None).await?;
    Ok(alone.close().await?)
}

/// A lock that ends with the process, in a file beside the database.
fn lock_beside(path: &str) -> Result<Option<std::fs::File>, NotOpened> {
    if let Some(folder) = Path::new(path).parent().filter(|folder| *folder != Path::new("")) {
        std::fs::create_dir_all(folder).map_err(NotOpened::NoFolder)?;
    }
    let file = std::fs::File::create(format!("{path}.lock")).map_err(NotOpened::NoLock)?;
    file.lock().map_err(NotOpened::NoLock)?;
    Ok(Some(file))
}

fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(path.split_once('?').map_or(path, |(path, _)| path))
}

/// WAL with a full sync at every commit: what was acknowledged survives a power cut.
fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = ConnectOptions::new(url);
    quiet(&mut options, connections).map_sqlx_sqlite_opts(|options| {
        options
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .row_buffer_size(4096)
            .pragma("cache_size", "-2048")
            .pragma("temp_store", "memory")
    });
    options
}

/// The server, not the client, ends what takes too long.
fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    quiet(&mut options, connections).map_sqlx_postgres_opts(|options| {
        options.application_name("gpa").options([
            ("statement_timeout", "15s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ])
    });
    options
}

fn quiet(options: &mut ConnectOptions, connections: u32) -> &mut ConnectOptions {
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(true)
        .sqlx_logging(false)
}

async fn check_version(connection: &DatabaseConnection) -> Result<(), NotOpened> {
    #[derive(FromQueryResult)]
    struct Row {
        version: String,
    }
    let asked = Statement::from_string(
        connection.get_database_backend(),
        "SELECT sqlite_version() AS version",
    );
    let version = Row::find_by_statement(asked).one(connection).await?;
    let version = version.map(|row| row.version).unwrap_or_default();
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SAFE_SQLITE {
        return Err(NotOpened::UnsafeSqlite(version));
    }
    Ok(())
}
