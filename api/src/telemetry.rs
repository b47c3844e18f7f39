//! What is logged, and what never is.
//!
//! One line for each request: what was called and how it went, never who is in it.
//! Query strings, bodies, variables, tokens and headers hold personal data or secrets
//! and have no way into a line; of a panic only the place is told, because its message
//! may quote what it choked on.

use std::{
    io::{self, IsTerminal},
    panic::{self, Location},
    time::Instant,
};

use tracing_subscriber::{
    EnvFilter, Layer, Registry, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};
use uuid::Uuid;

use crate::config::LogFormat;

/// The header that carries a request's id, both ways.
pub const REQUEST_ID: &str = "x-request-id";
const LONGEST_ID: usize = 64;
const LONGEST_PATH: usize = 100;
const LONGEST_OPERATION: usize = 60;

/// Starts logging to standard error; an error means that it was started before.
pub fn start(format: LogFormat, filter: &str) -> anyhow::Result<()> {
    let colours = io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(colours);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Text => Box::new(lines.with_filter(EnvFilter::try_new(filter)?)),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            Box::new(lines.with_filter(EnvFilter::try_new(filter)?))
        }
    };
    tracing_subscriber::registry().with(lines).try_init()?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(Location::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
    Ok(())
}

/// What one request is called in logs, errors and the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The caller's id if it is of a sane shape, otherwise a new one.
    pub fn taken_over(from_caller: Option<&str>) -> Self {
        let sane = |id: &&str| {
            (1..=LONGEST_ID).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        match from_caller.filter(sane) {
            Some(id) => Self(id.to_owned()),
            None => Self(Uuid::now_v7().to_string()),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the GraphQL handler learns about a request that the log may tell.
#[derive(Debug, Clone, Default)]
pub struct Note {
    pub operation: Option<String>,
    pub kind: Option<&'static str>,
    pub role: Option<&'static str>,
}

impl Note {
    /// An operation's name, if it is a plain one: clients can write anything there.
    pub fn plain_name(name: &str) -> Option<String> {
        let plain = (1..=LONGEST_OPERATION).contains(&name.len())
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        plain.then(|| name.to_owned())
    }
}

/// The line of one request; it is written when this is dropped, so that a request
/// whose client hung up is told as well (status 499).
#[derive(Debug)]
pub struct RequestLine {
    id: RequestId,
    method: String,
    path: String,
    started: Instant,
    status: u16,
    note: Note,
}

impl RequestLine {
    pub fn begin(id: RequestId, method: &str, path: &str) -> Self {
        let path = path.chars().take(LONGEST_PATH).collect();
        let (started, note) = (Instant::now(), Note::default());
        Self { id, method: method.to_owned(), path, started, status: 499, note }
    }

    pub fn answered(&mut self, status: u16, note: Note) {
        (self.status, self.note) = (status, note);
    }
}

impl Drop for RequestLine {
    fn drop(&mut self) {
        tracing::info!(
            target: "gpa::request",
            method = self.method,
            path = self.path,
            status = self.status,
            duration_ms = self.started.elapsed().as_secs_f64() * 1e3,
            operation = self.note.operation,
            kind = self.note.kind,
            role = self.note.role,
            request_id = self.id.0,
            "request",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_taken_over_and_no_other() {
        for sane in ["a", "A-1_b.2", &"x".repeat(64)] {
            assert_eq!(RequestId::taken_over(Some(sane)).as_str(), sane);
        }
        for other in ["", "a b", "a\n", "é", "<b>", &"x".repeat(65)] {
            let made = RequestId::taken_over(Some(other));
            assert_eq!(Uuid::parse_str(made.as_str()).unwrap().get_version_num(), 7, "{other:?}");
        }
        assert_ne!(RequestId::taken_over(None), RequestId::taken_over(None));
    }

    #[test]
    fn only_a_plain_operation_name_is_logged() {
        assert_eq!(Note::plain_name("Sites_2").as_deref(), Some("Sites_2"));
        for other in ["", "2sites", "Jane Doe", "a\nb", &"x".repeat(61)] {
            assert_eq!(Note::plain_name(other), None, "{other:?}");
        }
    }
}
