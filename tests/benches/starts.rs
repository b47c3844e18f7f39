//! From the start of the program to its first answer, on databases that exist.

use std::time::Instant;

use crate::{gpa, process, process::Server, world};

const TIMES: usize = 5;

pub(crate) async fn time(postgres: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite://{}?mode=rwc", folder.path().join("gpa.db").display());
    world::fill(&sqlite).await?;
    println!();
    for (name, url) in [("SQLite", sqlite.as_str()), ("PostgreSQL", postgres)] {
        let mut taken = Vec::new();
        let mut resident = 0.0;
        for _ in 0..TIMES {
            let started = Instant::now();
            let server = Server::start(|address| gpa(url, address))?;
            taken.push(started.elapsed());
            (resident, _) = process::memory(server.pid())?;
        }
        taken.sort_unstable();
        let middle = taken[TIMES / 2].as_secs_f64() * 1e3;
        println!("Start to ready on {name}: {middle:.0} ms; {resident:.0} MB resident.");
    }
    Ok(())
}
