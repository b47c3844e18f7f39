//! The export of every observation to CSV, and how much memory the program holds at most.

use std::time::Instant;

use crate::imports::gpa;

/// The target, in megabytes.
const RESIDENT: f64 = 150.0;

pub(crate) async fn time(url: &str) -> anyhow::Result<()> {
    let own = tempfile::tempdir()?;
    let file = own.path().join("observations.csv");
    let output = file.to_string_lossy();
    let words = ["export", "observations.csv", "--output", &output];
    let started = Instant::now();
    let most = gpa(url, own.path(), &words)?;
    let seconds = started.elapsed().as_secs_f64();
    let lines = memchr::memchr_iter(b'\n', &std::fs::read(&file)?).count() - 1;
    let megabytes = std::fs::metadata(&file)?.len() / 1_000_000;
    let kept = if most < RESIDENT { "under" } else { "NOT UNDER" };
    println!(
        "\n{lines} observations to {megabytes} MB of CSV: {seconds:.1} s and {most:.0} MB \
         resident at most, {kept} {RESIDENT} MB."
    );
    Ok(())
}
