//! Getting an issuer's documents over HTTP: only from where the operator said, or where
//! that place says; no redirects, no large answers, no long waits.

use std::{sync::OnceLock, time::Duration};

use reqwest::{Client, StatusCode, Url, header::CACHE_CONTROL, redirect::Policy};
use serde_json::Value;

use crate::auth::json::{self, Object};

/// How large a document can be.
const LARGEST: usize = 256 * 1024;
/// How long a connection, and the whole of a request, may take.
const CONNECTING: Duration = Duration::from_secs(3);
const WHOLE: Duration = Duration::from_secs(5);

/// How often keys are fetched, whatever an issuer's cache-control says.
const SOONEST: Duration = Duration::from_secs(60);
const LATEST: Duration = Duration::from_secs(3_600);
/// And where it says nothing.
const USUALLY: Duration = Duration::from_secs(300);

/// Where an issuer's keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// Where the issuer of this name says.
    Discovery {
        issuer: String,
    },
    Url(Url),
}

/// A key set as it came, and when to ask for it again.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) body: Vec<u8>,
    pub(super) again_in: Duration,
}

/// An address that keys are trusted from: https, or this machine itself.
pub fn trusted_url(text: &str) -> Result<Url, &'static str> {
    const WHY: &str =
        "its keys are fetched from an https address, or an http one of this machine itself";
    let url = Url::parse(text).map_err(|_| WHY)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let trusted = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
    if plain && trusted { Ok(url) } else { Err(WHY) }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let address = host.trim_start_matches('[').trim_end_matches(']');
            address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

/// The key set; the error is a sentence for the log, and quotes nothing that was sent.
pub(super) async fn key_set(source: &Source) -> Result<Document, String> {
    let url = match source {
        Source::Url(url) => url.clone(),
        Source::Discovery { issuer } => discover(issuer).await?,
    };
    get(url).await
}

async fn discover(issuer: &str) -> Result<Url, String> {
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let address = trusted_url(&address)?;
    let document = get(address.clone()).await?;
    let document = json::object(&document.body)
        .map_err(|why| format!("its discovery document is no JSON object: {why}"))?;
    if text(&document, "issuer") != Some(issuer) {
        return Err("its discovery document is of another issuer".to_owned());
    }
    let keys = text(&document, "jwks_uri").ok_or("its discovery document has no jwks_uri")?;
    let keys = trusted_url(keys)?;
    if keys.scheme() == "http" && address.scheme() == "https" {
        return Err("its jwks_uri is not https".to_owned());
    }
    Ok(keys)
}

fn text<'a>(document: &'a Object, name: &str) -> Option<&'a str> {
    document.get(name).and_then(Value::as_str)
}

async fn get(url: Url) -> Result<Document, String> {
    let client = client(&url)?;
    let asked = client.get(url).header(reqwest::header::ACCEPT, "application/json");
    let failed = |error: reqwest::Error| in_words(&error);
    let mut response = asked.send().await.map_err(failed)?;
    if response.status() != StatusCode::OK {
        return Err(format!("it answered with the status {}", response.status().as_u16()));
    }
    let cache = response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
    let again_in = again_in(cache);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(format!("its answer is larger than {LARGEST} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Document { body, again_in })
}

fn in_words(error: &reqwest::Error) -> String {
    let why = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "its answer broke off"
    };
    why.to_owned()
}

/// What is said of the machine itself goes past any proxy.
fn client(url: &Url) -> Result<Client, String> {
    static OUTSIDE: OnceLock<Client> = OnceLock::new();
    static HERE: OnceLock<Client> = OnceLock::new();
    let here = is_loopback(url);
    let kept = if here { &HERE } else { &OUTSIDE };
    if let Some(client) = kept.get() {
        return Ok(client.clone());
    }
    let builder = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECTING)
        .timeout(WHOLE)
        .pool_max_idle_per_host(0)
        .referer(false);
    let builder = if here { builder.no_proxy() } else { builder };
    let built = builder.build().map_err(|error| format!("no client could be made: {error}"))?;
    Ok(kept.get_or_init(|| built).clone())
}

/// When to ask again: as the issuer says, between bounds of ours.
fn again_in(cache_control: Option<&str>) -> Duration {
    let said = cache_control.and_then(|value| {
        let parts = value.split(',').map(|part| part.trim().to_ascii_lowercase());
        let max_age = |part: String| part.strip_prefix("max-age=")?.trim_matches('"').parse().ok();
        parts.into_iter().find_map(max_age)
    });
    said.map_or(USUALLY, |seconds| Duration::from_secs(seconds).clamp(SOONEST, LATEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuers_cache_control_is_heeded_within_bounds() {
        for (said, seconds) in [
            (None, 300),
            (Some("no-store"), 300),
            (Some("public, max-age=900"), 900),
            (Some("Max-Age=900, must-revalidate"), 900),
            (Some("max-age=0"), 60),
            (Some("max-age=99999999"), 3_600),
            (Some("max-age=x"), 300),
            (Some("s-maxage=7"), 300),
        ] {
            assert_eq!(again_in(said).as_secs(), seconds, "{said:?}");
        }
    }

    #[test]
    fn keys_come_by_https_or_from_this_machine() {
        for good in [
            "https://id.example/keys",
            "http://127.0.0.1:8099/jwks",
            "http://[::1]:1/",
            "http://localhost",
        ] {
            assert!(trusted_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example/keys",
            "http://10.0.0.1/",
            "http://127.0.0.1.example/",
            "http://localhost.example/",
            "https://user:secret@id.example/",
            "https://id.example/#keys",
            "file:///etc/passwd",
            "keys.json",
            "",
        ] {
            assert!(trusted_url(bad).is_err(), "{bad}");
        }
    }
}
