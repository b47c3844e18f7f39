//! A million figures through `gpa import observations`, preview and commit together,
//! against nothing but writing the same rows: `COPY` into the same table of PostgreSQL,
//! prepared statements of many rows each into the same table of SQLite. Both find the table
//! empty, with all its indexes and rules.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    pin::pin,
    time::Instant,
};

use anyhow::{Context, ensure};
use entity::{observation, organisation::Kind, organisation_code::CodeScheme};
use futures_util::{SinkExt, TryStreamExt};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend,
    EntityTrait, IdenStatic, Iterable, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
    TransactionTrait,
};
use tokio_postgres::NoTls;

use crate::{
    ceiling,
    cluster::Cluster,
    imports::gpa,
    world::{self, figures::METRICS},
};

/// The target: as much of the plain way's speed.
const RATIO: f64 = 0.25;
const MONTHS: [&str; 13] = [
    "2024-11", "2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06",
    "2025-07", "2025-08", "2025-09", "2025-10", "2025-11",
];

pub(crate) async fn time(cluster: &Cluster) -> anyhow::Result<()> {
    println!();
    let own = tempfile::tempdir()?;
    on_postgres(cluster, own.path()).await?;
    on_sqlite(own.path()).await
}

async fn on_postgres(cluster: &Cluster, own: &Path) -> anyhow::Result<()> {
    let create = |what: &str| format!("CREATE DATABASE {what}");
    ceiling::run(&cluster.url("postgres"), &create("million")).await?;
    let (url, plain) = (cluster.url("million"), cluster.url("plain"));
    world::fill(&url).await?;
    ceiling::run(&url, "VACUUM ANALYZE").await?;
    ceiling::run(&cluster.url("postgres"), &create("plain TEMPLATE million")).await?;
    let file = own.join("figures.csv");
    let figures = write(&url, &file).await?;
    let (seconds, most) = import(&url, own, &file)?;
    let copied = copy(&url, &plain, figures).await?;
    report("PostgreSQL", figures, (seconds, most), ("COPY", copied));
    Ok(())
}

async fn on_sqlite(own: &Path) -> anyhow::Result<()> {
    let (path, plain) = (own.join("gpa.db"), own.join("plain.db"));
    let url = format!("sqlite://{}?mode=rwc", path.display());
    world::fill(&url).await?;
    std::fs::copy(&path, &plain)?;
    let file = own.join("figures.csv");
    let figures = write(&url, &file).await?;
    let (seconds, most) = import(&url, own, &file)?;
    let inserted = insert(&path, &plain, figures).await?;
    report("SQLite", figures, (seconds, most), ("a bulk insert", inserted));
    Ok(())
}

fn report(name: &str, figures: u64, (seconds, most): (f64, f64), (way, plain): (&str, f64)) {
    let ratio = plain / seconds;
    let kept = if ratio >= RATIO { "at least" } else { "BELOW" };
    println!(
        "{figures} figures on {name}: {seconds:.1} s and {most:.0} MB at most; {way} of the \
         same rows {plain:.1} s: {ratio:.2}, {kept} {RATIO}."
    );
}

/// Writes a file of figures of every open site; gives how many there are.
async fn write(url: &str, path: &Path) -> anyhow::Result<u64> {
    let sites = world::codes(url, CodeScheme::Ods, Kind::Site).await?;
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "organisation_code,metric,month,value,numerator,denominator")?;
    let mut figures = 0;
    for (nth, month) in MONTHS.iter().enumerate() {
        for (site, code) in sites.iter().enumerate().filter(|(_, code)| !world::is_closed(code)) {
            for (at, metric) in METRICS.iter().enumerate() {
                let (above, below) = ((site + nth * 7 + at * 3) % 12, 80 + site % 40);
                match at {
                    9.. => writeln!(file, "{code},{metric},{month},,{above},{below}")?,
                    _ => writeln!(file, "{code},{metric},{month},{above},,")?,
                }
                figures += 1;
            }
        }
    }
    file.flush()?;
    Ok(figures)
}

/// How long the import takes, in seconds, and how much memory at most.
fn import(url: &str, own: &Path, file: &Path) -> anyhow::Result<(f64, f64)> {
    let file = file.to_string_lossy();
    let started = Instant::now();
    let most = gpa(url, own, &["import", "observations", &file])?;
    Ok((started.elapsed().as_secs_f64(), most))
}

/// How long `COPY` takes to write the same rows into the same table of another database,
/// in seconds. What they rest on is there before.
async fn copy(from: &str, to: &str, figures: u64) -> anyhow::Result<f64> {
    let (source, connection) = tokio_postgres::connect(from, NoTls).await?;
    let reading = tokio::spawn(connection);
    let (target, connection) = tokio_postgres::connect(to, NoTls).await?;
    let writing = tokio::spawn(connection);
    let (mut rows, mut seconds) = (0, 0.0);
    for table in ["audit", "observation"] {
        let last = format!("SELECT COALESCE(max(id), 0) FROM {table}");
        let last: i64 = target.query_one(&last, &[]).await?.get(0);
        let out = format!(
            "COPY (SELECT * FROM {table} WHERE id > {last} ORDER BY id) TO STDOUT (FORMAT binary)"
        );
        let pieces: Vec<_> = source.copy_out(&out).await?.try_collect().await?;
        let started = Instant::now();
        let into = format!("COPY {table} FROM STDIN (FORMAT binary)");
        let mut sink = pin!(target.copy_in(&into).await?);
        for piece in pieces {
            sink.feed(piece).await?;
        }
        rows = sink.finish().await?;
        seconds = started.elapsed().as_secs_f64();
    }
    ensure!(rows == figures, "{rows} of {figures} figures were imported");
    drop((source, target));
    reading.await??;
    writing.await??;
    Ok(seconds)
}

/// How many rows an `INSERT` of the plain way writes, and how many are read ahead of it.
const ROWS: usize = 500;
const AHEAD: u64 = 20 * ROWS as u64;

/// The same on SQLite, as a program would that has the rows at hand: prepared statements of
/// many rows each, in one transaction, into the same table with all its indexes and rules.
/// Reading the rows, which are those that were imported, is not counted.
async fn insert(from: &Path, to: &Path, figures: u64) -> anyhow::Result<f64> {
    let (source, plain) = (open(from).await?, open(to).await?);
    let last = plain.query_one_raw(statement("SELECT COALESCE(max(id), 0) FROM observation"));
    let last: i64 = last.await?.context("the last row")?.try_get_by_index(0)?;
    plain.execute_unprepared("PRAGMA synchronous = NORMAL").await?;
    plain.execute_unprepared(&format!("ATTACH '{}' AS imported", from.display())).await?;
    let audits = "INSERT INTO main.audit SELECT * FROM imported.audit WHERE id > \
                  (SELECT COALESCE(max(id), 0) FROM main.audit)";
    plain.execute_unprepared(audits).await?;
    plain.execute_unprepared("DETACH imported").await?;

    let (mut rows, mut seconds, mut after) = (0, 0.0, last);
    let transaction = plain.begin().await?;
    loop {
        let next = observation::Entity::find()
            .filter(observation::Column::Id.gt(after))
            .order_by_asc(observation::Column::Id)
            .limit(AHEAD);
        let next = next.all(&source).await?;
        let Some(end) = next.last() else { break };
        after = end.id;
        let statements: Vec<Statement> = next.chunks(ROWS).map(insertion).collect();
        let started = Instant::now();
        for statement in statements {
            rows += transaction.execute_raw(statement).await?.rows_affected();
        }
        seconds += started.elapsed().as_secs_f64();
    }
    let started = Instant::now();
    transaction.commit().await?;
    seconds += started.elapsed().as_secs_f64();
    ensure!(rows == figures, "{rows} of {figures} figures were imported");
    plain.close().await?;
    source.close().await?;
    Ok(seconds)
}

async fn open(path: &Path) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", path.display()));
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

fn statement(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, sql)
}

/// One `INSERT`; all of so many rows have one text, and are prepared once.
fn insertion(rows: &[observation::Model]) -> Statement {
    let columns: Vec<_> = observation::Column::iter().collect();
    let names: Vec<_> = columns.iter().map(IdenStatic::as_str).collect();
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let sql = format!(
        "INSERT INTO observation ({}) VALUES {}",
        names.join(", "),
        vec![row; rows.len()].join(", ")
    );
    let values = rows.iter().flat_map(|row| columns.iter().map(|column| row.get(*column)));
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}
