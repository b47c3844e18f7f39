//! What the first answer after a write takes: before every read, figures are recorded that
//! it rests on, so that nothing kept in memory answers it. Only the read counts. The kernel
//! counts in hundredths of a second, so that one read tells little and many tell it all.

use std::time::{Duration, Instant};

use anyhow::ensure;
use memchr::memmem;

use crate::{
    load::{Connection, Requests},
    operations::Operation,
    process,
    rounds::{self, Contender, Used},
};

/// Turns of each server, and reads in each.
const ROUNDS: usize = 4;
const READS: usize = 72;

/// Times one operation, read by one client after a write of its own, and prints a line for
/// each server. The writes are ours in every turn: yardsticks read the same tables.
pub(crate) async fn time(
    contenders: &[Contender],
    operation: &Operation,
    writes: &Requests,
    postmaster: u32,
) -> anyhow::Result<()> {
    let [ours, ..] = contenders else { return Ok(()) };
    let mut writing = Connection::open(ours.server.address).await?;
    let contenders: Vec<&Contender> =
        contenders.iter().filter(|each| each.takes_part(operation)).collect();
    let mut used: Vec<Used> = contenders.iter().map(|_| Used::default()).collect();
    for round in 0..=ROUNDS {
        for (used, contender) in used.iter_mut().zip(&contenders) {
            let mut reading = Connection::open(contender.server.address).await?;
            let requests = contender.requests(operation);
            for number in 0..READS {
                let told = writing.exchange(&writes.at(0)).await?;
                let recorded = memmem::find(told, b"\"refused\":0").is_some();
                ensure!(recorded, "not recorded: {}", String::from_utf8_lossy(told));
                let pid = contender.server.pid();
                let before = (process::cpu(pid)?, process::cpu_of_family(postmaster)?);
                let asked = Instant::now();
                reading.exchange(&requests.at(number)).await?;
                let taken = asked.elapsed();
                let after = (process::cpu(pid)?, process::cpu_of_family(postmaster)?);
                // The first round warms up.
                if round > 0 {
                    count(used, taken, before, after);
                }
            }
        }
    }
    rounds::print_all(operation, &contenders, 1, &mut used);
    Ok(())
}

type Spent = (Duration, Duration);

fn count(used: &mut Used, taken: Duration, before: Spent, after: Spent) {
    used.taken.push(taken);
    used.time += taken;
    used.server += after.0.saturating_sub(before.0);
    used.database += after.1.saturating_sub(before.1);
}
