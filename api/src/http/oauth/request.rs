//! Reading a request for a token: a form, each parameter once, and one proof.

use actix_web::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use base64::{Engine, engine::general_purpose::STANDARD};
use mime::Mime;

use super::{proof::Proof, refused::Refused};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client asks for, and how it says who it is.
pub(super) struct Asked {
    pub(super) proof: Proof,
    pub(super) scope: Option<String>,
}

/// The parameters that mean something here; others are ignored, as the RFC asks.
#[derive(Default)]
struct Parameters {
    grant_type: Option<String>,
    scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_assertion: Option<String>,
    client_assertion_type: Option<String>,
}

impl Asked {
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refused> {
        check_form(headers)?;
        let mut parameters = Parameters::read(body)?;
        match parameters.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => return Err(Refused::grant_type()),
            None => return Err(Refused::request("grant_type is missing")),
        }
        let scope = parameters.scope.take();
        Ok(Self { proof: proof(headers, parameters)?, scope })
    }
}

impl Parameters {
    fn read(body: &[u8]) -> Result<Self, Refused> {
        let malformed = || Refused::request("the body is no form in UTF-8");
        let text = std::str::from_utf8(body).map_err(|_| malformed())?;
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(text).map_err(|_| malformed())?;
        let mut read = Self::default();
        let mut others: Vec<String> = Vec::new();
        for (name, value) in pairs {
            let twice = match read.place(&name) {
                Some(place) => place.replace(value).is_some(),
                None => {
                    let known = others.contains(&name);
                    others.push(name);
                    known
                }
            };
            if twice {
                return Err(Refused::request("a parameter is sent twice"));
            }
        }
        Ok(read.without_empty())
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "grant_type" => &mut self.grant_type,
            "scope" => &mut self.scope,
            "client_id" => &mut self.client_id,
            "client_secret" => &mut self.client_secret,
            "client_assertion" => &mut self.client_assertion,
            "client_assertion_type" => &mut self.client_assertion_type,
            _ => return None,
        })
    }

    /// A parameter without a value is one that was not sent.
    fn without_empty(self) -> Self {
        let full = |value: Option<String>| value.filter(|value| !value.is_empty());
        Self {
            grant_type: full(self.grant_type),
            scope: full(self.scope),
            client_id: full(self.client_id),
            client_secret: full(self.client_secret),
            client_assertion: full(self.client_assertion),
            client_assertion_type: full(self.client_assertion_type),
        }
    }
}

/// The one proof that is sent; two of them are refused, for one could hide the other.
fn proof(headers: &HeaderMap, parameters: Parameters) -> Result<Proof, Refused> {
    let basic = basic(headers)?;
    let Parameters { client_id, client_secret, client_assertion, client_assertion_type, .. } =
        parameters;
    let of_client = |client: &str| client_id.as_deref().is_none_or(|id| id == client);
    match (basic, client_secret, client_assertion, client_assertion_type) {
        (Some((client, secret)), None, None, None) if of_client(&client) => {
            Ok(Proof::Secret { client, secret, basic: true })
        }
        (None, Some(secret), None, None) => {
            let client = client_id.ok_or_else(|| Refused::request("client_id is missing"))?;
            Ok(Proof::Secret { client, secret, basic: false })
        }
        (None, None, Some(assertion), Some(kind)) if kind == ASSERTION_TYPE => {
            Ok(Proof::Assertion { assertion, client: client_id })
        }
        (None, None, Some(_), _) => Err(Refused::request(
            "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )),
        (None, None, None, None) => Err(Refused::client(false)),
        _ => Err(Refused::request("send one proof of who the client is, and no more")),
    }
}

fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refused> {
    let mut sent = headers.get_all(AUTHORIZATION);
    let (first, more) = (sent.next(), sent.next());
    let Some(first) = first else { return Ok(None) };
    if more.is_some() {
        return Err(Refused::request("the header authorization is sent twice"));
    }
    let read = || {
        let (scheme, encoded) = first.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let plain = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (client, secret) = plain.split_once(':')?;
        Some((decoded(client)?, decoded(secret)?))
    };
    read().map(Some).ok_or_else(|| Refused::client(true))
}

/// Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1).
fn decoded(half: &str) -> Option<String> {
    if half.contains(['&', '=']) {
        return None;
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("half={half}")).ok()?;
    pairs.into_iter().next().map(|(_, value)| value)
}

fn check_form(headers: &HeaderMap) -> Result<(), Refused> {
    let mut types = headers.get_all(CONTENT_TYPE);
    let (first, more) = (types.next(), types.next());
    let read = first.filter(|_| more.is_none()).and_then(|value| value.to_str().ok()?.parse().ok());
    let form = read.is_some_and(|mime: Mime| {
        mime.essence_str() == mime::APPLICATION_WWW_FORM_URLENCODED.essence_str()
            && mime.get_param(mime::CHARSET).is_none_or(|charset| charset == mime::UTF_8)
    });
    let plain = headers
        .get_all(CONTENT_ENCODING)
        .all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if form && plain {
        Ok(())
    } else {
        Err(Refused::request("the content-type must be application/x-www-form-urlencoded"))
    }
}
