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

use super::{begun::Begun, cluster::Cluster, folder::Folder};

/// A database that belongs to one test.
pub(super) struct Copy {
    pub url: String,
    pub begun: Begun,
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
    let url = format!("sqlite://{}", path.display());
    Copy { url, begun: Begun::World, kind: Kind::Sqlite(path) }
}

pub(super) fn sqlite(begun: Begun) -> Copy {
    static TEMPLATES: [OnceLock<PathBuf>; Begun::KINDS] = [const { OnceLock::new() }; Begun::KINDS];
    let template = TEMPLATES[begun as usize].get_or_init(|| {
        let Copy { url, kind: Kind::Sqlite(path), .. } = empty_sqlite() else { unreachable!() };
        System::new().block_on(begun.build(&url));
        path
    });
    let copy = Copy { begun, ..empty_sqlite() };
    if let Kind::Sqlite(path) = &copy.kind {
        std::fs::copy(template, path).unwrap();
    }
    copy
}

pub(super) fn empty_postgres() -> Option<Copy> {
    let cluster = Cluster::get()?;
    let name = new_name();
    System::new().block_on(administer(cluster, &[format!("CREATE DATABASE {name}")]));
    Some(Copy { url: cluster.url(&name), begun: Begun::World, kind: Kind::Postgres(name) })
}

pub(super) fn postgres(begun: Begun) -> Option<Copy> {
    static TEMPLATES: [OnceLock<String>; Begun::KINDS] = [const { OnceLock::new() }; Begun::KINDS];
    let cluster = Cluster::get()?;
    let template = TEMPLATES[begun as usize].get_or_init(|| {
        let name = new_name();
        System::new().block_on(async {
            administer(cluster, &[format!("CREATE DATABASE {name}")]).await;
            begun.build(&cluster.url(&name)).await;
            administer(cluster, &[format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")]).await;
        });
        name
    });
    let name = new_name();
    let create = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log");
    System::new().block_on(administer(cluster, &[create]));
    Some(Copy { url: cluster.url(&name), begun, kind: Kind::Postgres(name) })
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
        Self { url: self.url.clone(), begun: self.begun, kind: self.kind.clone() }
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
