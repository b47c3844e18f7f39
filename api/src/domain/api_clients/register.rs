//! Registering a machine client.

use std::collections::BTreeSet;

use entity::{
    api_client::{self, Documents},
    api_client_grant, api_client_key, api_client_secret, api_client_use,
};

use sea_orm::DbErr;

use super::{commit, load};
use crate::{
    auth::{
        actor::Scope,
        keys::client_keys,
        policy::Permit,
        secret::{Hasher, NotHashed, Secret},
    },
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        organisations::{OrganisationBy, resolve},
        text,
        turn::{Turn, insert},
        viewer::Viewer,
    },
    ids::Slug,
};

/// As many grants and keys as one client can have.
const MOST_GRANTS: usize = 500;

/// Some scopes, for an organisation and what lies within it.
#[derive(Debug, Clone)]
pub struct Grant {
    pub organisation: OrganisationBy,
    pub scopes: BTreeSet<Scope>,
}

/// What is known of a client when it is registered.
#[derive(Debug, Clone)]
pub struct RegisterApiClient {
    pub code: Slug,
    pub name: String,
    pub contact: String,
    /// A JSON Web Key Set, if it signs assertions.
    pub jwks: Option<String>,
    /// Whether it gets a secret.
    pub secret: bool,
    pub grants: Vec<Grant>,
}

/// Registers the client; gives its id, and its secret the first time and never again.
pub async fn register(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RegisterApiClient,
) -> Result<(i64, Option<Secret>), Declined> {
    let made = match command.secret {
        true => Some(made(viewer.store().hasher()).await?),
        false => None,
    };
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return Ok((done.outcome_id, None));
            }
            let mut problems = Problems::default();
            let name = text::name(&command.name, "input.name", &mut problems);
            let contact = text::sentence(&command.contact, "input.contact", &mut problems);
            let code = command.code.as_str();
            if load(turn.connection()).await?.find(code).is_some() {
                let sentence = "another client is, or was, registered under it: choose another";
                problems.add("input.clientId", ProblemCode::AlreadyExists, sentence);
            }
            if command.jwks.is_none() && !command.secret {
                let sentence = "a client proves who it is by a key, or by a secret: send jwks, or secret: true";
                problems.add("input.jwks", ProblemCode::Required, sentence);
            }
            let keys = keys(command.jwks.as_deref(), &mut problems);
            let granted = granted(&turn, &command.grants, &mut problems);
            problems.check()?;
            let id = turn.next_row_id();
            let row = api_client::Model {
                id,
                code: code.to_owned(),
                name,
                contact,
                registered_at: turn.at(),
                revoked_at: None,
                cost_per_minute: None,
                documents: Documents::Any,
                granted_from: 0,
                audit_id: turn.audit(None).await?,
                version: 1,
            };
            insert::<api_client::Entity>(turn.connection(), vec![row]).await?;
            let unused = api_client_use::Model { client_id: id, last_used_at: None };
            insert::<api_client_use::Entity>(turn.connection(), vec![unused]).await?;
            write_keys(&mut turn, id, keys).await?;
            write_grants(&mut turn, id, granted).await?;
            let secret = match made {
                Some((secret, hash)) => {
                    write_secret(&mut turn, id, &secret, hash).await?;
                    Some(secret)
                }
                None => None,
            };
            commit(turn, id).await?;
            Ok((id, secret))
        })
        .await
}

/// A secret and its hash, worked out before anybody's turn is held up by it.
pub(super) async fn made(hasher: &Hasher) -> Result<(Secret, String), Declined> {
    let because = |why: NotHashed| DbErr::Custom(format!("no secret could be made: {why:?}"));
    let made = hasher.make().await.map_err(|why| match why {
        NotHashed::Busy => Failure::Unavailable(because(why)),
        NotHashed::Broken => Failure::Internal(because(why)),
    });
    Ok(made?)
}

/// The keys of a set, each with its own text.
pub(super) fn keys(jwks: Option<&str>, problems: &mut Problems) -> Vec<(String, String)> {
    let Some(jwks) = jwks else { return Vec::new() };
    client_keys(jwks).unwrap_or_else(|why| {
        problems.add("input.jwks", ProblemCode::Malformed, why);
        Vec::new()
    })
}

/// The organisations and scopes that are granted, each pair once.
pub(super) fn granted(
    turn: &Turn,
    grants: &[Grant],
    problems: &mut Problems,
) -> BTreeSet<(i64, Scope)> {
    let mut granted = BTreeSet::new();
    for (index, grant) in grants.iter().enumerate() {
        let path = |field: &str| format!("input.grants[{index}].{field}");
        match resolve(turn.directory(), &grant.organisation, turn.today()) {
            Some(found) => granted.extend(grant.scopes.iter().map(|scope| (found.id(), *scope))),
            None => problems.add(
                path("organisation"),
                ProblemCode::NotFound,
                "name an organisation of the register",
            ),
        }
        if grant.scopes.is_empty() {
            problems.add(path("scopes"), ProblemCode::Required, "name one scope at least");
        }
    }
    if grants.is_empty() || granted.len() > MOST_GRANTS {
        let sentence = format!("grant something, and no more than {MOST_GRANTS} pairs in all");
        problems.add("input.grants", ProblemCode::OutOfRange, sentence);
    }
    granted
}

pub(super) async fn write_keys(
    turn: &mut Turn,
    client_id: i64,
    keys: Vec<(String, String)>,
) -> Result<(), Declined> {
    let (audit_id, added_at) = (turn.audit(None).await?, turn.at());
    let row = |(kid, jwk)| api_client_key::Model { client_id, kid, jwk, added_at, audit_id };
    let rows = keys.into_iter().map(row).collect();
    Ok(insert::<api_client_key::Entity>(turn.connection(), rows).await?)
}

pub(super) async fn write_grants(
    turn: &mut Turn,
    client_id: i64,
    granted: BTreeSet<(i64, Scope)>,
) -> Result<(), Declined> {
    let audit_id = turn.audit(None).await?;
    let row = |(organisation_id, scope): (i64, Scope)| {
        let scope = scope.name().to_owned();
        api_client_grant::Model { client_id, organisation_id, scope, audit_id }
    };
    let rows = granted.into_iter().map(row).collect();
    Ok(insert::<api_client_grant::Entity>(turn.connection(), rows).await?)
}

pub(super) async fn write_secret(
    turn: &mut Turn,
    client_id: i64,
    secret: &Secret,
    hash: String,
) -> Result<(), Declined> {
    let row = api_client_secret::Model {
        id: turn.next_row_id(),
        client_id,
        hint: secret.hint().to_owned(),
        hash,
        created_at: turn.at(),
        expires_at: None,
        audit_id: turn.audit(None).await?,
    };
    Ok(insert::<api_client_secret::Entity>(turn.connection(), vec![row]).await?)
}
