//! `gpa import ods` of the real editions, one after another, on both databases.

use std::{
    fs::File,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use crate::{ceiling, cluster::Cluster, process, program};

/// The target for each edition.
const SECONDS: f64 = 5.0;
const EDITIONS: [(&str, &str); 3] =
    [("2019-08", "2019-08-31"), ("2022-11", "2022-11-30"), ("2024-05", "2024-05-31")];

pub(crate) async fn time(cluster: &Cluster, data: &Path) -> anyhow::Result<()> {
    println!();
    let folder = data.join("ods");
    if !folder.exists() {
        println!("IMPORTS WERE SKIPPED: {} is not there.", folder.display());
        return Ok(());
    }
    ceiling::run(&cluster.url("postgres"), "CREATE DATABASE imports").await?;
    let own = tempfile::tempdir()?;
    let sqlite = format!("sqlite://{}", own.path().join("gpa.db").display());
    let postgres = cluster.url("imports");
    for (name, url) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        // The reference data is loaded before the first import, and not timed with it.
        let token = ["token", "--list"].as_slice();
        gpa(&url, own.path(), token)?;
        for (edition, day) in EDITIONS {
            let file = folder.join(format!("epraccur_{edition}_edition.csv"));
            let file = file.to_string_lossy();
            let started = Instant::now();
            gpa(&url, own.path(), &["import", "ods", &file, "--edition", day])?;
            let seconds = started.elapsed().as_secs_f64();
            let kept = if seconds <= SECONDS { "within" } else { "OVER" };
            println!("ODS {edition} on {name}: {seconds:.2} s, {kept} {SECONDS} s.");
        }
    }
    Ok(())
}

/// Runs the program to its end; gives how many megabytes it held at most.
pub(crate) fn gpa(url: &str, data: &Path, words: &[&str]) -> anyhow::Result<f64> {
    let mut command = program();
    command.args(words).args(["--database-url", url, "--data-dir"]).arg(data);
    let said = data.join("said");
    command.stdout(Stdio::null()).stderr(File::create(&said)?);
    let mut child = command.spawn()?;
    let mut most: f64 = 0.0;
    loop {
        // The kernel forgets it with the process.
        if let Ok((_, so_far)) = process::memory(child.id()) {
            most = most.max(so_far);
        }
        if let Some(status) = child.try_wait()? {
            let said = std::fs::read_to_string(&said)?;
            anyhow::ensure!(status.success(), "gpa {} failed: {said}", words.join(" "));
            return Ok(most);
        }
        thread::sleep(Duration::from_millis(5));
    }
}
