//! Tokens of the service's own, for a machine without an issuer.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Header, encode};
use serde_json::{Value, json};

use super::{TokenRefused, Tokens, claims};
use crate::{
    auth::{
        actor::{Role, Scope},
        json::Object,
        keys::{EMBEDDED_ISSUER, Issuer},
    },
    ids::OrganisationCode,
};

const ID_BYTES: usize = 16;

/// The token that somebody at this machine asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    pub role: Role,
    pub organisation: OrganisationCode,
    pub subject: String,
    /// At least one for an integrator, none for any other role.
    pub scopes: BTreeSet<Scope>,
    /// In whole seconds; at most an hour.
    pub lifetime: TimeDelta,
}

/// Why no token is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueRefused {
    #[error("this service has no signing key of its own: ask the configured issuer for a token")]
    NoSigningKey,
    #[error("no token: {}", .0.sentence())]
    Request(TokenRefused),
    #[error("no token: the machine could not sign it")]
    Signing,
}

impl Tokens {
    /// Signs a token with the service's own key. What [`Tokens::verify`] would refuse
    /// is not issued: the same reading of the claims judges both.
    pub fn issue(
        &self,
        request: &TokenRequest,
        now: DateTime<Utc>,
    ) -> Result<String, IssueRefused> {
        self.sign(EMBEDDED_ISSUER, request, now)
    }

    /// Signs a token for a machine client, which has proved who it is.
    pub fn issue_to_client(
        &self,
        request: &TokenRequest,
        now: DateTime<Utc>,
    ) -> Result<String, IssueRefused> {
        let clients = self.clients.as_ref().ok_or(IssueRefused::NoSigningKey)?;
        self.sign(&clients.issuer, request, now)
    }

    fn sign(
        &self,
        issuer: &str,
        request: &TokenRequest,
        now: DateTime<Utc>,
    ) -> Result<String, IssueRefused> {
        let issuer = self.issuers.get(issuer).ok_or(IssueRefused::NoSigningKey)?;
        let signing = issuer.signing.as_ref().ok_or(IssueRefused::NoSigningKey)?;
        let key = issuer.keys.find(&signing.kid, now).ok_or(IssueRefused::NoSigningKey)?;
        let claims = claims_for(request, issuer, now)?;
        let key = (signing.kid.clone(), key);
        claims::read(&claims, issuer, key).map_err(IssueRefused::Request)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(signing.kid.clone());
        encode(&header, &claims, &signing.key).map_err(|_| IssueRefused::Signing)
    }
}

fn claims_for(
    request: &TokenRequest,
    issuer: &Issuer,
    now: DateTime<Utc>,
) -> Result<Object, IssueRefused> {
    let issued_at = now.timestamp();
    let expires_at = issued_at.saturating_add(request.lifetime.num_seconds());
    let mut claims = Object::new();
    let mut claim = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    claim("iss", json!(issuer.name));
    claim("sub", json!(request.subject));
    claim("aud", json!(issuer.audience));
    claim("exp", json!(expires_at));
    claim("iat", json!(issued_at));
    claim("jti", json!(new_id()?));
    claim(issuer.claims.role.top(), json!(request.role.name()));
    claim(issuer.claims.organisation.top(), json!(request.organisation.to_string()));
    if let (Role::Integrator, OrganisationCode::Client(code)) =
        (request.role, &request.organisation)
    {
        claim("client_id", json!(code.as_str()));
    }
    if !request.scopes.is_empty() {
        let names: Vec<_> = request.scopes.iter().map(|scope| scope.name()).collect();
        claim("scope", json!(names.join(" ")));
    }
    Ok(claims)
}

fn new_id() -> Result<String, IssueRefused> {
    let mut id = [0; ID_BYTES];
    aws_lc_rs::rand::fill(&mut id).map_err(|_| IssueRefused::Signing)?;
    Ok(URL_SAFE_NO_PAD.encode(id))
}
