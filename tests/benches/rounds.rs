//! Servers in turns on the same load, and the table of what each used.

use std::time::Duration;

use anyhow::ensure;

use crate::{
    ceiling::Plan,
    load::{self, Connection, Requests},
    operations::{self, Operation},
    process::{self, Server},
};

/// Turns of each server: enough that a neighbour's noise falls on all of them.
const ROUNDS: usize = 3;
/// Before it counts, every server has answered for so long.
const WARM: Duration = Duration::from_millis(300);

/// A server that takes part: the first one is ours, the others are yardsticks.
pub(crate) struct Contender {
    pub name: &'static str,
    /// Which yardstick it is, if it is one.
    pub plan: Option<Plan>,
    pub server: Server,
}

impl Contender {
    pub(crate) fn takes_part(&self, operation: &Operation) -> bool {
        self.plan.is_none_or(|plan| operation.against.contains(&plan))
    }

    /// What is sent to it.
    pub(crate) fn requests<'a>(&self, operation: &'a Operation) -> &'a Requests {
        if self.plan.is_none() { &operation.ours } else { &operation.ceiling }
    }
}

/// What a server did for one operation and number of clients.
#[derive(Default)]
pub(crate) struct Used {
    pub taken: Vec<Duration>,
    pub time: Duration,
    pub server: Duration,
    pub database: Duration,
}

impl Used {
    fn per_second(&self) -> f64 {
        self.taken.len() as f64 / self.time.as_secs_f64()
    }

    /// Milliseconds of processor time that a request took: of the server, and of PostgreSQL.
    fn cpu(&self) -> (f64, f64) {
        let each = |spent: Duration| spent.as_secs_f64() * 1e3 / self.taken.len().max(1) as f64;
        (each(self.server), each(self.database))
    }

    fn percentile(&self, hundredths: usize) -> f64 {
        let at = self.taken.len().saturating_sub(1) * hundredths / 100;
        self.taken.get(at).map_or(0.0, |taken| taken.as_secs_f64() * 1e3)
    }
}

/// Every server must say the same as ours to every parameter.
pub(crate) async fn compare(contenders: &[Contender], operation: &Operation) -> anyhow::Result<()> {
    let [ours, others @ ..] = contenders else { return Ok(()) };
    let mut ours = Connection::open(ours.server.address).await?;
    for other in others.iter().filter(|other| other.takes_part(operation)) {
        let mut theirs = Connection::open(other.server.address).await?;
        for number in 0..operation.ours.len() {
            let (asked, asked_too) = (operation.ours.at(number), operation.ceiling.at(number));
            let (one, another) = (ours.exchange(&asked).await?, theirs.exchange(&asked_too).await?);
            let text = String::from_utf8_lossy;
            ensure!(
                operations::same(one, another)?,
                "{}: the answers differ.\n{}\nours: {}\n{}: {}",
                operation.name,
                text(&asked),
                text(one),
                other.name,
                text(another),
            );
        }
    }
    Ok(())
}

/// Times one operation at one number of clients, and prints a line for each server.
pub(crate) async fn time(
    contenders: &[Contender],
    operation: &Operation,
    clients: usize,
    turn: Duration,
    postmaster: u32,
) -> anyhow::Result<()> {
    let contenders: Vec<&Contender> =
        contenders.iter().filter(|each| each.takes_part(operation)).collect();
    let mut used: Vec<Used> = contenders.iter().map(|_| Used::default()).collect();
    for round in 0..=ROUNDS {
        for (number, contender) in contenders.iter().enumerate() {
            let requests = contender.requests(operation);
            if round == 0 {
                load::run(contender.server.address, requests, clients, WARM).await?;
            } else {
                take_turn(&mut used[number], contender, requests, clients, turn, postmaster)
                    .await?;
            }
        }
    }
    print_all(operation, &contenders, clients, &mut used);
    Ok(())
}

/// Prints a line for each server, ours first.
pub(crate) fn print_all(
    operation: &Operation,
    contenders: &[&Contender],
    clients: usize,
    used: &mut [Used],
) {
    used.iter_mut().for_each(|each| each.taken.sort_unstable());
    for (contender, used_by) in contenders.iter().zip(&*used) {
        print(operation, contender, clients, used_by, &used[0]);
    }
}

async fn take_turn(
    used: &mut Used,
    contender: &Contender,
    requests: &Requests,
    clients: usize,
    turn: Duration,
    postmaster: u32,
) -> anyhow::Result<()> {
    let pid = contender.server.pid();
    let before = (process::cpu(pid)?, process::cpu_of_family(postmaster)?);
    let mut taken = load::run(contender.server.address, requests, clients, turn).await?;
    let after = (process::cpu(pid)?, process::cpu_of_family(postmaster)?);
    used.taken.append(&mut taken);
    used.time += turn;
    used.server += after.0.saturating_sub(before.0);
    used.database += after.1.saturating_sub(before.1);
    Ok(())
}

pub(crate) fn print_head() {
    println!(
        "{:<16}{:>8}  {:<8}{:>9}{:>9}{:>9}{:>10}{:>10}{:>8}",
        "operation", "clients", "server", "req/s", "p50 ms", "p99 ms", "CPU ms", "PG ms", "c"
    );
}

/// c is a yardstick's processor time for a request over ours, server and database together.
fn print(operation: &Operation, contender: &Contender, clients: usize, used: &Used, ours: &Used) {
    let (server, database) = used.cpu();
    let of_ours = ours.cpu();
    let ratio = (server + database) / (of_ours.0 + of_ours.1);
    let ratio = if std::ptr::eq(used, ours) { String::new() } else { format!("{ratio:.2}") };
    println!(
        "{:<16}{clients:>8}  {:<8}{:>9.0}{:>9.2}{:>9.2}{server:>10.3}{database:>10.3}{ratio:>8}",
        operation.title,
        contender.name,
        used.per_second(),
        used.percentile(50),
        used.percentile(99),
    );
}
