//! A client that costs little: it sends prepared bytes on connections that it keeps,
//! and reads no more of an answer than how long it is.

use std::{
    borrow::Cow,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// What is sent: prepared requests, one after another and again from the first, or
/// requests that are made as they are sent, where no two may be the same.
#[derive(Clone)]
pub(crate) enum Requests {
    Kept(Arc<[Vec<u8>]>),
    Made(Arc<dyn Fn() -> Vec<u8> + Send + Sync>),
}

impl Requests {
    pub(crate) fn kept(requests: Vec<Vec<u8>>) -> Self {
        Self::Kept(requests.into())
    }

    pub(crate) fn made(make: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::Made(Arc::new(make))
    }

    /// How many there are to compare answers to.
    pub(crate) fn len(&self) -> usize {
        const SOME: usize = 200;
        match self {
            Self::Kept(requests) => requests.len(),
            Self::Made(_) => SOME,
        }
    }

    pub(crate) fn at(&self, number: usize) -> Cow<'_, [u8]> {
        match self {
            Self::Kept(requests) => Cow::Borrowed(&requests[number % requests.len()]),
            Self::Made(make) => Cow::Owned(make()),
        }
    }
}

/// Sends requests from so many clients for so long; gives how long each answer took.
pub(crate) async fn run(
    address: SocketAddr,
    requests: &Requests,
    clients: usize,
    time: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let mut all = JoinSet::new();
    let end = Instant::now() + time;
    for number in 0..clients {
        let requests = requests.clone();
        // Every client starts elsewhere, so that they do not ask the same in step.
        let start = number * requests.len() / clients;
        all.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut taken = Vec::new();
            for number in start.. {
                let request = requests.at(number);
                let sent = Instant::now();
                if sent >= end {
                    break;
                }
                connection.exchange(&request).await?;
                taken.push(sent.elapsed());
            }
            anyhow::Ok(taken)
        });
    }
    let mut taken = Vec::new();
    while let Some(client) = all.join_next().await {
        taken.append(&mut client??);
    }
    Ok(taken)
}

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 << 10) })
    }

    /// Sends one request and gives the body of its answer, which must be a good one.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (mut body, mut length) = (0_usize, usize::MAX);
        while self.buffer.len() < body.saturating_add(length) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server hung up in the middle of an answer");
            }
            if body == 0
                && let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n")
            {
                body = end + 4;
                length = content_length(&self.buffer[..body])?;
            }
        }
        Ok(&self.buffer[body..])
    }
}

fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    let head = str::from_utf8(head)?;
    ensure!(head.starts_with("HTTP/1.1 200"), "an answer that is no answer: {head}");
    let mut lines = head.lines();
    let named = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    Ok(named.context("an answer without content-length")?.parse()?)
}
