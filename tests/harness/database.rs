//! Databases for tests: built once as a template, copied for each test, dropped after it.

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use actix_web::rt::System;
use sea_orm::{ConnectionTrait, Database};

use super::{built, cluster::Cluster, folder::Folder};

/// A database that belongs to one test.
pub(super) struct Copy {
    pub url: String,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Sqlite(PathBuf),
    Postgres(String),
}

fn number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

pub(super) fn empty_sqlite() -> Copy {
    let path = Folder::ours().join(format!("{}.db", number()));
    Copy { url: format!("sqlite://{}", path.display()), kind: Kind::Sqlite(path) }
}

pub(super) fn sqlite() -> Copy {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let Copy { url, kind: Kind::Sqlite(path) } = empty_sqlite() else { unreachable!() };
        System::new().block_on(built::build(&url));
        path
    });
    let copy = empty_sqlite();
    if let Kind::Sqlite(path) = &copy.kind {
        std::fs::copy(template, path).unwrap();
    }
    copy
}

pub(super) fn empty_postgres() -> Option<Copy> {
    let cluster = Cluster::get()?;
    let name = new_name();
    System::new().block_on(administer(cluster, &[format!("CREATE DATABASE {name}")]));
    Some(Copy { url: cluster.url(&name), kind: Kind::Postgres(name) })
}

pub(super) fn postgres() -> Option<Copy> {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let cluster = Cluster::get()?;
    let template = TEMPLATE.get_or_init(|| {
        let name = new_name();
        System::new().block_on(async {
            administer(cluster, &[format!("CREATE DATABASE {name}")]).await;
            built::build(&cluster.url(&name)).await;
            administer(cluster, &[format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")]).await;
        });
        name
    });
    let name = new_name();
    let create = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log");
    System::new().block_on(administer(cluster, &[create]));
    Some(Copy { url: cluster.url(&name), kind: Kind::Postgres(name) })
}

fn new_name() -> String {
    format!("gpa_test_{}_{}", std::process::id(), number())
}

async fn administer(cluster: &Cluster, statements: &[String]) {
    let connection = Database::connect(cluster.admin()).await.unwrap();
    for statement in statements {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

impl Copy {
    /// The same database again, for a second instance.
    pub(super) fn another_look(&self) -> Self {
        Self { url: self.url.clone(), kind: self.kind.clone() }
    }

    /// Ends it. A test that failed leaves its database for whoever looks, as long as
    /// the process lasts.
    pub(super) async fn drop(self) {
        match self.kind {
            Kind::Sqlite(path) => {
                for suffix in ["", "-wal", "-shm", ".lock"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
                }
            }
            Kind::Postgres(name) => {
                let cluster = Cluster::get().expect("it came from there");
                administer(cluster, &[format!("DROP DATABASE {name} WITH (FORCE)")]).await;
            }
        }
    }
}
