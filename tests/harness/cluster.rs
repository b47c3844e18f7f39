//! A PostgreSQL to throw away: made from the machine's own binaries, once for the
//! test binary, reachable through a socket in its folder and nowhere else.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use super::folder::{Folder, as_user, loudly, unprivileged};

/// Waits for a line, which says that the data folder is made; then runs the server
/// until the tests are over, ends it, and removes everything. What would make it safe
/// against a power cut is off: nothing here is kept.
const SERVER: &str = r#"
if read -r made; then
    "$1/bin/postgres" -D "$1/data" -c listen_addresses= -c unix_socket_directories="$1" \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off \
        -c max_connections=200 -c shared_buffers=64MB \
        -c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.max=30000 &
    server=$!
    cat
    kill -QUIT "$server"
    wait "$server"
fi
rm -rf -- "$1"
"#;

pub(super) struct Cluster {
    /// The URL of a database, but for its name.
    before: String,
    after: String,
    _folder: Option<Folder>,
}

impl Cluster {
    /// The one cluster of this process; none where the machine has none.
    pub(super) fn get() -> Option<&'static Self> {
        static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
        CLUSTER.get_or_init(Self::find).as_ref()
    }

    fn find() -> Option<Self> {
        if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
            return Some(Self::running(&url));
        }
        let Some(binaries) = binaries() else {
            let required = std::env::var_os("REQUIRE_POSTGRES").is_some_and(|value| value == "1");
            assert!(
                !required,
                "REQUIRE_POSTGRES=1, but there is no initdb and no TEST_POSTGRES_URL"
            );
            loudly("SKIPPED: the PostgreSQL half of the tests: no initdb, no TEST_POSTGRES_URL");
            return None;
        };
        Some(Self::started(binaries))
    }

    /// A server that runs already, by the URL of any of its databases. What the tests
    /// make there is named `gpa_test_…`.
    fn running(url: &str) -> Self {
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let (before, _) = address.rsplit_once('/').expect("TEST_POSTGRES_URL names a database");
        let after = if query.is_empty() { String::new() } else { format!("?{query}") };
        Self { before: before.to_owned(), after, _folder: None }
    }

    fn started(binaries: PathBuf) -> Self {
        let user = unprivileged();
        let mut folder = Folder::new("gpa-postgres-", user, SERVER);
        let path = folder.path.clone();
        std::os::unix::fs::symlink(&binaries, path.join("bin")).unwrap();
        let mut initdb = Command::new(binaries.join("initdb"));
        initdb.args(["-U", "gpa", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8", "-D"]);
        initdb.arg(path.join("data")).current_dir("/").stdout(Stdio::null());
        assert!(as_user(&mut initdb, user).status().unwrap().success(), "initdb failed");
        folder.say("the data folder is made");
        let started = Instant::now();
        while !path.join(".s.PGSQL.5432").exists() {
            assert!(started.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
            thread::sleep(Duration::from_millis(20));
        }
        let after = format!("?host={}", path.display());
        Self { before: "postgres://gpa@localhost".to_owned(), after, _folder: Some(folder) }
    }

    pub(super) fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.before, self.after)
    }

    /// The URL by which databases are made and dropped.
    pub(super) fn admin(&self) -> String {
        std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| self.url("postgres"))
    }
}

/// Where `initdb` and its companions lie.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(installed.map(|version| version.path().join("bin")));
    let initdb = folders.into_iter().map(|folder| folder.join("initdb")).find(|it| it.is_file())?;
    initdb.canonicalize().ok()?.parent().map(PathBuf::from)
}
