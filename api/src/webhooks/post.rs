//! Getting one message to a receiver over HTTP: only where webhooks may lead, without
//! redirects and proxies, for so long, and with no interest in a long answer.

use std::{error::Error, io, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use rustls::CertificateError;

use super::{
    message::Signed,
    names::{Judged, LeadsAstray, Names},
    patience::LONGEST_ASKED,
};
use crate::domain::webhooks::target::Targets;

/// How long a connection, and the whole of a delivery, may take.
const CONNECTING: Duration = Duration::from_secs(5);
pub(super) const WHOLE: Duration = Duration::from_secs(15);
/// How much of an answer is read, so that its connection can be used again.
const READ: usize = 16 * 1024;

/// What came of sending a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Taken(StatusCode),
    Refused {
        status: StatusCode,
        after: Option<Duration>,
    },
    /// None, for the reason in the sentence.
    None(String),
}

impl Reply {
    pub(super) fn is_taken(&self) -> bool {
        matches!(self, Self::Taken(_))
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Taken(status) | Self::Refused { status, .. } => Some(status.as_u16()),
            Self::None(_) => None,
        }
    }

    /// Why the message did not arrive, as its owner reads it.
    pub(super) fn failure(&self) -> Option<String> {
        match self {
            Self::Taken(_) => None,
            Self::Refused { status, .. } if status.is_redirection() => {
                Some(format!("it answered with {}: redirects are not followed", status.as_u16()))
            }
            Self::Refused { status, .. } => Some(format!("it answered with {}", status.as_u16())),
            Self::None(why) => Some(why.clone()),
        }
    }

    /// Whether the receiver wants to be told nothing ever again.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::GONE, .. })
    }

    /// How long the receiver asks to be left alone.
    pub(super) fn after(&self) -> Option<Duration> {
        match self {
            Self::Refused { after, .. } => *after,
            Self::Taken(_) | Self::None(_) => None,
        }
    }
}

/// What sends messages; cheap to clone.
#[derive(Clone)]
pub(super) struct Post {
    client: Client,
    targets: Targets,
}

impl Post {
    pub(super) fn new(targets: Targets, names: Arc<dyn Names>) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent("gpa-webhooks")
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECTING)
            .timeout(WHOLE)
            .dns_resolver(Arc::new(Judged { targets, names }))
            .build()?;
        Ok(Self { client, targets })
    }

    pub(super) async fn send(&self, url: &str, message: Signed, now: DateTime<Utc>) -> Reply {
        let url = match Url::parse(url) {
            Ok(url) => url,
            Err(_) => return Reply::None("its address is none".to_owned()),
        };
        // What an operator allowed once may not be allowed any more.
        if let Err(why) = self.targets.admits(&url) {
            return Reply::None(why.to_owned());
        }
        let sent = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/cloudevents+json; charset=utf-8")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.timestamp.to_string())
            .header("webhook-signature", message.signature)
            .body(message.body);
        match sent.send().await {
            Ok(response) => replied(response, now).await,
            Err(error) => Reply::None(in_words(&error)),
        }
    }
}

async fn replied(mut response: Response, now: DateTime<Utc>) -> Reply {
    let status = response.status();
    let after = asked(response.headers(), now);
    let mut read = 0;
    while read < READ {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) | Err(_) => break,
        }
    }
    if status.is_success() { Reply::Taken(status) } else { Reply::Refused { status, after } }
}

/// What `retry-after` asks for: seconds, or a moment.
fn asked(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now).to_std().ok()?,
    };
    Some(asked.min(LONGEST_ASKED))
}

fn in_words(error: &reqwest::Error) -> String {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(astray) = one.downcast_ref::<LeadsAstray>() {
            return astray.to_string();
        }
        if let Some(why) = distrusted(one) {
            return why.to_owned();
        }
        cause = one.source();
    }
    let why = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "its answer broke off"
    };
    why.to_owned()
}

/// What is wrong with the receiver's certificate, if an error is about that.
fn distrusted(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut inner = error;
    // What stopped a connection is held by errors of it, which do not name it as a source.
    while let Some(of_connection) = inner.downcast_ref::<io::Error>() {
        inner = of_connection.get_ref()?;
    }
    let rustls::Error::InvalidCertificate(found) = inner.downcast_ref()? else { return None };
    Some(match found {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        _ => "its certificate is not trusted",
    })
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use futures_util::{FutureExt, future::BoxFuture};

    use super::*;

    #[test]
    fn a_receiver_is_given_the_time_that_it_asks_for() {
        let now: DateTime<Utc> = "2026-01-15T09:00:00Z".parse().unwrap();
        for (text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Thu, 15 Jan 2026 09:01:30 GMT", Some(90)),
            ("Thu, 15 Jan 2026 08:00:00 GMT", None),
            ("99999999", Some(86_400)),
            ("-1", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(asked(&headers, now).map(|asked| asked.as_secs()), seconds, "{text}");
        }
    }

    /// Says that every name is of one address.
    struct All(IpAddr);

    impl Names for All {
        fn addresses(&self, _: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            let address = self.0;
            async move { Ok(vec![address]) }.boxed()
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for address in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"] {
            let names = Arc::new(All(address.parse().unwrap()));
            let targets = Targets { this_machine: true, private: false };
            let post = Post::new(targets, names).unwrap();
            let message = Signed {
                id: "1".to_owned(),
                timestamp: 0,
                signature: String::new(),
                body: Vec::new(),
            };
            let url = format!("https://rebound.example:{port}/");
            let reply = post.send(&url, message, DateTime::UNIX_EPOCH).await;
            assert_eq!(reply, Reply::None(LeadsAstray.to_string()), "{address}");
        }
        assert!(listener.accept().is_err(), "somebody was connected");
    }
}
