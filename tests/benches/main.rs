//! The speed and memory of the server against its targets: `cargo bench --bench targets`.
//!
//! The yardstick is a minimal server over the same PostgreSQL (see [`ceiling`]). What
//! counts is `c`, the yardstick's processor time for a request divided by ours, which
//! is fairer than throughput where other work shares the machine. Run by hand: nothing
//! here is a test, and without `--bench` it does nothing.

#![expect(clippy::print_stdout, reason = "a table for a person to read")]

mod ceiling;
mod cluster;
mod cold;
mod export;
mod imports;
mod load;
mod million;
mod operations;
mod process;
mod rounds;
mod starts;
mod world;

use std::{env, net::SocketAddr, path::PathBuf, process::Command, time::Duration};

use clap::{Parser, Subcommand};

use self::{ceiling::Plan, cluster::Cluster, process::Server, rounds::Contender};

const DATABASE: &str = "bench";

/// Times the server against its targets.
#[derive(Debug, Parser)]
struct Asked {
    #[command(subcommand)]
    role: Option<Role>,
    /// What to time
    #[arg(
        value_parser = [
            "q1", "q2", "q3", "q4", "q5", "m1", "starts", "imports", "million", "export", "all"
        ],
        default_value = "all"
    )]
    what: String,
    /// Numbers of clients that ask at the same time
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64])]
    clients: Vec<usize>,
    /// How long each of three turns of each server takes
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How many million observations there are: 4.7 or, for growth, 47
    #[arg(long, default_value_t = 4.7)]
    observations: f64,
    /// Time the national dashboard's first answer after a write, too. A database that another
    /// run holds serves the yardstick of flat tables no more afterwards
    #[arg(long)]
    cold: bool,
    /// Make every sum again, before and after, and compare it with what is kept
    #[arg(long)]
    check: bool,
    /// Fill the database, start the servers, say where they are, and wait: for a profiler
    #[arg(long)]
    hold: bool,
    /// A database that another run holds, instead of one of this run's own
    #[arg(long)]
    on: Option<String>,
    /// The folder of the real public files, for the imports
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"))]
    data: PathBuf,
    /// What cargo adds when it runs a benchmark, and not when it runs tests
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// The yardstick's own process
    #[command(hide = true)]
    Ceiling { plan: Plan, url: String, address: SocketAddr },
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let asked = Asked::parse();
    if let Some(Role::Ceiling { plan, url, address }) = asked.role {
        return ceiling::serve(plan, url, address).await;
    }
    if !asked.bench {
        println!("Nothing is timed here: run cargo bench --bench targets.");
        return Ok(());
    }
    if let Some(url) = &asked.on {
        world::figures::take_back(url).await?;
        return time_operations(&asked, url).await;
    }
    let cluster = Cluster::start()?;
    if !matches!(asked.what.as_str(), "imports" | "million") {
        ceiling::run(&cluster.url("postgres"), &format!("CREATE DATABASE {DATABASE}")).await?;
        let url = cluster.url(DATABASE);
        world::fill(&url).await?;
        if asked.what != "starts" {
            world::figures::fill(&url, asked.observations).await?;
        }
        if !matches!(asked.what.as_str(), "starts" | "export") {
            time_operations(&asked, &url).await?;
        }
        if matches!(asked.what.as_str(), "export" | "all") {
            export::time(&url).await?;
        }
        if matches!(asked.what.as_str(), "starts" | "all") {
            starts::time(&url).await?;
        }
    }
    if matches!(asked.what.as_str(), "imports" | "all") {
        imports::time(&cluster, &asked.data).await?;
    }
    if matches!(asked.what.as_str(), "million" | "all") {
        million::time(&cluster).await?;
    }
    Ok(())
}

async fn time_operations(asked: &Asked, url: &str) -> anyhow::Result<()> {
    if asked.check {
        println!("As filled: {}", world::figures::check(url).await?);
    }
    let plans = [Plan::Facts, Plan::Flat];
    for statements in plans.iter().flat_map(|plan| plan.prepare()) {
        ceiling::run(url, statements).await?;
    }
    let postmaster = cluster::postmaster(url).await?;
    let mut contenders = vec![Contender { name: "ours", plan: None, server: ours(url)? }];
    let idle = process::memory(contenders[0].server.pid())?;
    for plan in plans {
        let server = Server::start(|address| ceiling_command(plan, url, address))?;
        contenders.push(Contender { name: plan.name(), plan: Some(plan), server });
    }
    if asked.hold {
        return hold(&contenders, url, postmaster).await;
    }
    let operations = operations::operations(url, &asked.what, token(url)?).await?;
    for operation in &operations {
        rounds::compare(&contenders, operation).await?;
    }
    println!("All servers answered alike. c = the yardstick's CPU for a request / ours.\n");
    rounds::print_head();
    let turn = Duration::from_secs_f64(asked.seconds);
    for operation in &operations {
        for clients in &asked.clients {
            rounds::time(&contenders, operation, *clients, turn, postmaster).await?;
        }
    }
    if asked.cold {
        let (operation, writes) = operations::after_a_write(url, token(url)?).await?;
        rounds::compare(&contenders, &operation).await?;
        cold::time(&contenders, &operation, &writes, postmaster).await?;
    }
    let (after, most) = process::memory(contenders[0].server.pid())?;
    println!("\nResident: {:.0} MB idle, {after:.0} MB after all, {most:.0} MB at most.", idle.0);
    if asked.check {
        println!("After all: {}", world::figures::check(url).await?);
    }
    Ok(())
}

/// A token of somebody who may record everywhere.
fn token(url: &str) -> anyhow::Result<String> {
    let mut command = program();
    command.args(["token", "--role", "programme_team", "--organisation", "programme:national"]);
    command.args(["--database-url", url, "--data-dir"]).arg(data_folder());
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "there is no token: {said}");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn data_folder() -> PathBuf {
    env::temp_dir().join("gpa-bench")
}

/// The real program with the settings that it has by itself.
fn ours(url: &str) -> anyhow::Result<Server> {
    Server::start(|address| gpa(url, address))
}

/// `gpa serve`, as an operator would start it.
fn gpa(url: &str, address: SocketAddr) -> Command {
    let mut command = program();
    command.args(["serve", "--database-url", url, "--log-format", "json"]);
    command.args(["--rate-limit", "0", "--public-rate-limit", "0"]);
    command.args(["--port", &address.port().to_string(), "--data-dir"]);
    command.arg(data_folder()).stderr(std::process::Stdio::null());
    command
}

/// The real program, deaf to the settings of whoever runs the benchmarks.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gpa"));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GPA_")) {
        command.env_remove(name);
    }
    command
}

fn ceiling_command(plan: Plan, url: &str, address: SocketAddr) -> Command {
    let mut command = Command::new(env::current_exe().unwrap_or_default());
    command.args(["ceiling", plan.name(), url, &address.to_string()]);
    command
}

async fn hold(contenders: &[Contender], url: &str, postmaster: u32) -> anyhow::Result<()> {
    for Contender { name, server, .. } in contenders {
        println!("{name}: process {}, http://{}", server.pid(), server.address);
    }
    println!("PostgreSQL: process {postmaster}, {url}. Interrupt to stop.");
    Ok(tokio::signal::ctrl_c().await?)
}
