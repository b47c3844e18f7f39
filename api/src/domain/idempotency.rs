//! Creating commands can be sent again: the same key with the same input gives the
//! first answer, and with another input is refused.

use chrono::{DateTime, Utc};
use entity::idempotency_key;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::error::{Declined, ProblemCode, invalid};
use crate::auth::actor::Actor;

/// A caller's key for one creating command, bound to the command's whole input.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    key: String,
    command: String,
    digest: String,
}

impl IdempotencyKey {
    /// `input` is everything that the command depends on, in a fixed spelling.
    pub fn new(key: &str, command: &str, input: &str) -> Result<Self, Declined> {
        const LONGEST: usize = 100;
        let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
        if key.is_empty() || key.len() > LONGEST || !plain {
            return invalid(
                "input.idempotencyKey",
                ProblemCode::Malformed,
                "send 1 to 100 visible ASCII characters, such as a UUID made for this command",
            );
        }
        let digest = Sha256::digest(format!("{command}\n{input}"));
        let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { key: key.to_owned(), command: command.to_owned(), digest })
    }

    /// What this key was already answered with; another input under it is refused.
    pub(super) async fn find(
        &self,
        actor: &Actor,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<idempotency_key::Model>, Declined> {
        let key = (caller(actor), self.key.clone());
        match idempotency_key::Entity::find_by_id(key).one(connection).await? {
            None => Ok(None),
            Some(row) if row.request_digest == self.digest => Ok(Some(row)),
            Some(_) => Err(Declined::KeyReused),
        }
    }

    /// The row that remembers it, once its outcome is known.
    pub(super) fn row(&self, actor: &Actor, at: DateTime<Utc>) -> idempotency_key::Model {
        idempotency_key::Model {
            caller: caller(actor),
            key: self.key.clone(),
            command: self.command.clone(),
            request_digest: self.digest.clone(),
            outcome_id: 0,
            answer: None,
            at,
        }
    }
}

/// The outcomes of a batch, as they are kept to be repeated.
pub(super) fn kept<T: Serialize>(outcomes: &[T]) -> Result<String, DbErr> {
    serde_json::to_string(outcomes).map_err(broken)
}

/// Reads what [`kept`] wrote.
pub(super) fn repeated<T: DeserializeOwned>(answer: Option<String>) -> Result<Vec<T>, DbErr> {
    serde_json::from_str(&answer.unwrap_or_default()).map_err(broken)
}

fn broken(error: serde_json::Error) -> DbErr {
    DbErr::Custom(format!("an answer that is kept: {error}"))
}

fn caller(actor: &Actor) -> String {
    match actor {
        Actor::Public => String::new(),
        Actor::Holder(holder) => format!("{} {}", holder.issuer, holder.subject),
    }
}
