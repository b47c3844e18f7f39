//! The servers that are measured, each in a process of its own, and what the kernel
//! says that they used.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

/// The kernel counts processor time in hundredths of a second, on every Linux there is.
const TICK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(60);

/// A server process; it is killed when this is dropped.
pub(crate) struct Server {
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts a program that listens where it is told to, and waits until it is ready.
    pub(crate) fn start(command: impl FnOnce(SocketAddr) -> Command) -> anyhow::Result<Self> {
        let address = free_address()?;
        let child = command(address).stdout(Stdio::null()).spawn()?;
        let mut server = Self { address, child };
        let started = Instant::now();
        while !server.is_ready() {
            if let Some(status) = server.child.try_wait()? {
                bail!("a server stopped before it was ready: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("a server was not ready after {PATIENCE:?}");
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(server)
    }

    /// Ready means ready to answer, not only to listen.
    fn is_ready(&self) -> bool {
        use std::io::{Read, Write};
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let asked = b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let mut answer = String::new();
        stream.write_all(asked).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Processor time that a process has used so far, in user and kernel together.
pub(crate) fn cpu(pid: u32) -> anyhow::Result<Duration> {
    Ok(TICK * stat(pid)?.ticks)
}

/// The same of a process and all its children, those that have ended and been waited for
/// too: PostgreSQL's parallel workers live no longer than a statement.
pub(crate) fn cpu_of_family(parent: u32) -> anyhow::Result<Duration> {
    let Stat { mut ticks, of_children, .. } = stat(parent)?;
    ticks += of_children;
    for entry in fs::read_dir("/proc")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse() else { continue };
        // A process may end between the listing and the reading.
        if let Ok(child) = stat(pid)
            && child.parent == parent
        {
            ticks += child.ticks;
        }
    }
    Ok(TICK * ticks)
}

/// The process that started another.
pub(crate) fn parent(pid: u32) -> anyhow::Result<u32> {
    Ok(stat(pid)?.parent)
}

/// What the kernel tells of a process: its own ticks, and those of children that ended.
struct Stat {
    parent: u32,
    ticks: u32,
    of_children: u32,
}

fn stat(pid: u32) -> anyhow::Result<Stat> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold spaces; what counts stands behind it.
    let (_, rest) = line.rsplit_once(')').context("a line of /proc/…/stat")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks =
        |nth: usize| anyhow::Ok(fields[nth].parse::<u32>()? + fields[nth + 1].parse::<u32>()?);
    Ok(Stat { parent: fields[1].parse()?, ticks: ticks(11)?, of_children: ticks(13)? })
}

/// Megabytes that a process holds in memory now, and at most so far.
pub(crate) fn memory(pid: u32) -> anyhow::Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let megabytes = |name: &str| -> anyhow::Result<f64> {
        let line = status.lines().find(|line| line.starts_with(name)).context("memory")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
        Ok(kilobytes / 1024.0)
    };
    Ok((megabytes("VmRSS:")?, megabytes("VmHWM:")?))
}
