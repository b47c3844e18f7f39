//! A PostgreSQL of the benchmarks' own, from the machine's binaries; it is gone when
//! this is dropped.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::process;

/// As a small production server has them, but for `fsync`: nothing here must outlive it.
const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "fsync=off",
    "shared_buffers=256MB",
    "work_mem=16MB",
    "max_connections=200",
    // A vacuum in the middle of a round would be charged to whoever is being measured.
    "autovacuum=off",
    "jit=off",
];

pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    postmaster: Child,
}

impl Cluster {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let owner = owner()?;
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let mut initdb = Command::new(program("initdb"));
        initdb.args(["-U", "gpa", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8", "-D"]);
        let made = as_owner(initdb.arg(&data), owner).status().context("initdb is needed")?;
        ensure!(made.success(), "initdb failed");

        let mut postgres = Command::new(program("postgres"));
        postgres.arg("-D").arg(&data);
        let socket = format!("unix_socket_directories={}", folder.path().display());
        for setting in SETTINGS.into_iter().chain([socket.as_str()]) {
            postgres.args(["-c", setting]);
        }
        let postmaster = as_owner(&mut postgres, owner).spawn()?;
        let cluster = Self { folder, postmaster };
        for _ in 0..400 {
            // Its last line says how far it is.
            let said = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            if said.lines().last().is_some_and(|state| state.trim() == "ready") {
                return Ok(cluster);
            }
            thread::sleep(Duration::from_millis(25));
        }
        anyhow::bail!("PostgreSQL did not start within 10 seconds")
    }

    pub(crate) fn url(&self, database: &str) -> String {
        let folder = self.folder.path().to_string_lossy().replace('/', "%2F");
        format!("postgres://gpa@{folder}/{database}")
    }
}

/// The process above all those that answer queries of a database.
pub(crate) async fn postmaster(url: &str) -> anyhow::Result<u32> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let running = tokio::spawn(connection);
    let own: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
    let parent = process::parent(own.unsigned_abs())?;
    drop(client);
    running.await??;
    Ok(parent)
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Its children notice at once that it is gone, and the folder goes with it.
        if self.postmaster.kill().is_ok() {
            drop(self.postmaster.wait());
        }
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user `postgres`.
fn owner() -> anyhow::Result<Option<(u32, u32)>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let fields: Vec<&str> = line.context("there is no user postgres")?.split(':').collect();
    Ok(Some((fields[2].parse()?, fields[3].parse()?)))
}

fn as_owner(command: &mut Command, owner: Option<(u32, u32)>) -> &mut Command {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null())
}

/// From the PATH or, as Debian keeps them off it, from the newest version's folder.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.max_by_key(|version| {
        version.file_name().to_string_lossy().parse::<u32>().unwrap_or_default()
    });
    let path = newest.map(|version| version.path().join("bin").join(name));
    path.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}
