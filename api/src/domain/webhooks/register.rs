//! Registering a webhook.

use entity::{
    change::ChangeType,
    webhook::{Column, Entity, Model, Status},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use super::{
    secret::{self, SigningSecret},
    spelt, spelt_scopes,
};
use crate::{
    auth::{actor::Holder, policy::Permit},
    domain::{
        error::{Declined, ProblemCode, Problems, invalid},
        idempotency::IdempotencyKey,
        turn::{Turn, insert, reached},
        viewer::Viewer,
    },
};

/// As many as one owner can have.
const MOST: u64 = 100;

/// What is known of a webhook when it is registered.
#[derive(Debug, Clone)]
pub struct RegisterWebhook {
    pub url: String,
    /// None for all of them.
    pub types: Option<Vec<ChangeType>>,
    /// The position of the feed to begin behind; None for where it then is.
    pub after: Option<i64>,
}

/// Registers the webhook for whoever asks; gives its id, and its secret the first time and
/// never again.
pub async fn register(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RegisterWebhook,
) -> Result<(i64, Option<SigningSecret>), Declined> {
    let made = SigningSecret::make()?;
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return repeated(&turn, done.outcome_id).await;
            }
            let owner = turn.holder()?;
            let mut problems = Problems::default();
            let url = url(&turn, &command.url, &mut problems);
            let types = types(command.types.as_deref(), &mut problems);
            let end = reached(turn.connection()).await?.position;
            let cursor = cursor(command.after.unwrap_or(end), end, "input.after", &mut problems);
            if owned(&owner, turn.connection()).await? >= MOST {
                let sentence = format!("you have {MOST} webhooks already: remove one first");
                problems.add("input", ProblemCode::OutOfRange, sentence);
            }
            problems.check()?;
            let row = Model {
                id: turn.next_row_id(),
                role: owner.role.name().to_owned(),
                client_id: owner.client.as_ref().map(|client| client.id),
                organisation_id: owner.organisation,
                scopes: spelt_scopes(&owner.scopes),
                registered_by: owner.subject.clone(),
                registered_at: turn.viewer().time_outside(),
                url,
                types,
                status: Status::Active,
                paused_at: None,
                paused_because: None,
                cursor,
                delivered: "[]".to_owned(),
                placed: 0,
                wants_test: false,
                failures: 0,
                next_attempt_at: turn.viewer().time_outside(),
                claimed_by: None,
                claimed_until: None,
                audit_id: turn.audit(owner.organisation).await?,
                version: 1,
            };
            let id = row.id;
            insert::<Entity>(turn.connection(), vec![row]).await?;
            secret::keep(&mut turn, id, &made).await?;
            turn.commit(owner.organisation, id).await?;
            Ok((id, Some(made)))
        })
        .await
}

/// The webhook that was registered under the same key.
async fn repeated(turn: &Turn, id: i64) -> Result<(i64, Option<SigningSecret>), Declined> {
    if Entity::find_by_id(id).count(turn.connection()).await? == 0 {
        let sentence = "what was registered under it is removed: make a new key";
        return invalid("input.idempotencyKey", ProblemCode::NotFound, sentence);
    }
    Ok((id, None))
}

/// How many webhooks an owner has.
async fn owned(owner: &Holder, connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let theirs = Entity::find().filter(Column::Role.eq(owner.role.name()));
    let theirs = match (&owner.client, owner.organisation) {
        (Some(client), _) => theirs.filter(Column::ClientId.eq(client.id)),
        (None, organisation) => theirs.filter(Column::OrganisationId.eq(organisation)),
    };
    theirs.count(connection).await
}

/// An address that webhooks may lead to.
pub(super) fn url(turn: &Turn, text: &str, problems: &mut Problems) -> String {
    match turn.viewer().store().webhook_targets().read(text) {
        Ok(url) => url.into(),
        Err(why) => {
            problems.add("input.url", ProblemCode::Malformed, why);
            String::new()
        }
    }
}

/// Some types, as they are kept.
pub(super) fn types(types: Option<&[ChangeType]>, problems: &mut Problems) -> Option<String> {
    if types.is_some_and(<[_]>::is_empty) {
        let sentence = "name one type at least, or leave it out to be sent all";
        problems.add("input.types", ProblemCode::Required, sentence);
    }
    spelt(types.unwrap_or_default())
}

/// A position that the feed has come to.
pub(super) fn cursor(asked: i64, end: i64, path: &'static str, problems: &mut Problems) -> i64 {
    if asked > end {
        let sentence = "the feed has not come so far: send a cursor that it gave";
        problems.add(path, ProblemCode::OutOfRange, sentence);
    }
    asked
}
