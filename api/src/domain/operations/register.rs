//! Registering operations, all of a list or none.

use std::collections::HashSet;

use entity::{api_client::Documents, operation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Operations, commit, covers, digest, load};
use crate::{
    auth::{
        actor::Actor,
        policy::{Permit, Reach},
    },
    domain::{
        error::{Declined, Failure, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        turn::{Turn, insert},
        viewer::Viewer,
    },
    ids::Slug,
};

/// As many operations as one owner can have.
const MOST: usize = 1_000;
/// Names that files of figures have already.
const TAKEN: [&str; 2] = ["series", "observations"];

/// Some operations of one owner.
#[derive(Debug, Clone)]
pub struct RegisterOperations {
    /// A client; without one the caller's own, or everybody's where the caller is no client.
    pub client: Option<Slug>,
    pub operations: Vec<NewOperation>,
}

#[derive(Debug, Clone)]
pub struct NewOperation {
    pub name: Slug,
    pub document: String,
}

/// An operation, and whether it is new.
#[derive(Debug, Clone)]
pub struct Registered {
    pub row: operation::Model,
    pub created: bool,
}

/// Registers the operations that are not; gives all of them, in their order. A document is
/// known by its digest, so that sending it again under its name changes nothing.
pub async fn register(
    viewer: &Viewer,
    permit: Permit,
    key: IdempotencyKey,
    command: RegisterOperations,
) -> Result<Vec<Registered>, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(done) = turn.done_before(&key).await? {
                return again(&turn, done.answer.as_deref().unwrap_or_default()).await;
            }
            let owner = owner(&turn, command.client.as_ref())?;
            let known = load(turn.connection()).await?;
            check(&known, owner, &command.operations)?;
            let mut registered = Vec::new();
            for new in command.operations {
                let sha256 = digest(&new.document);
                registered.push(match known.with_digest(owner, &sha256) {
                    Some(row) => Registered { row: row.as_ref().clone(), created: false },
                    None => {
                        let row = operation::Model {
                            id: turn.next_row_id(),
                            client_id: owner,
                            name: new.name.as_str().to_owned(),
                            sha256,
                            document: new.document,
                            registered_at: turn.at(),
                            retired_at: None,
                            audit_id: turn.audit(None).await?,
                            version: 1,
                        };
                        Registered { row, created: true }
                    }
                });
            }
            let new = registered.iter().filter(|it| it.created).map(|it| it.row.clone()).collect();
            insert::<operation::Entity>(turn.connection(), new).await?;
            let told: Vec<(i64, bool)> =
                registered.iter().map(|it| (it.row.id, it.created)).collect();
            turn.will_answer(serde_json::to_string(&told).unwrap_or_default());
            commit(turn, 0).await?;
            Ok(registered)
        })
        .await
}

/// What the same command answered before.
async fn again(turn: &Turn, answer: &str) -> Result<Vec<Registered>, Declined> {
    let told: Vec<(i64, bool)> = serde_json::from_str(answer).unwrap_or_default();
    let ids = operation::Column::Id.is_in(told.iter().map(|(id, _)| *id));
    let rows = operation::Entity::find().filter(ids).all(turn.connection()).await?;
    let row = |id| rows.iter().find(|row| row.id == id).cloned();
    let one = |(id, created)| Some(Registered { row: row(id)?, created });
    Ok(told.into_iter().filter_map(one).collect())
}

/// Everything that is wrong with the list itself.
fn check(known: &Operations, owner: Option<i64>, new: &[NewOperation]) -> Result<(), Declined> {
    let mut problems = Problems::default();
    let names: HashSet<&str> = new.iter().map(|new| new.name.as_str()).collect();
    let documents: HashSet<&str> = new.iter().map(|new| new.document.as_str()).collect();
    let once = names.len() == new.len() && documents.len() == new.len();
    let of_owner = known.by_id.values().filter(|row| row.client_id == owner).count();
    if new.is_empty() || !once || of_owner + new.len() > MOST {
        let sentence = format!(
            "send one operation at least, each name and document once, and no more than {MOST} \
             in all"
        );
        problems.add("input.operations", ProblemCode::OutOfRange, sentence);
    }
    for (index, new) in new.iter().enumerate() {
        let path = || format!("input.operations[{index}].name");
        if TAKEN.contains(&new.name.as_str()) {
            let sentence = "files of figures are called so: choose another name";
            problems.add(path(), ProblemCode::AlreadyExists, sentence);
        }
        let before = known.with_digest(owner, &digest(&new.document));
        if let Some(before) = before.filter(|row| row.name != new.name.as_str()) {
            let sentence =
                format!("the document is registered as {}: retire that one first", before.name);
            problems.add(path(), ProblemCode::AlreadyExists, sentence);
        }
    }
    problems.check()
}

/// Whose operations they will be.
fn owner(turn: &Turn, client: Option<&Slug>) -> Result<Option<i64>, Declined> {
    let reach = turn.permit().reach();
    let own = match turn.viewer().actor() {
        Actor::Holder(holder) => holder.client.as_ref(),
        Actor::Public => None,
    };
    let owner = match client {
        None => own.map(|client| client.id),
        Some(code) => {
            let clients = turn.viewer().store().api_clients();
            let found = clients.find(code.as_str()).filter(|client| client.is_active());
            Some(found.ok_or(Failure::NotFound)?.row.id)
        }
    };
    if !covers(turn.viewer(), &reach, owner) {
        return Err(Failure::NotFound.into());
    }
    // Whoever is held to what is registered must not be able to register more.
    let held = own.is_some_and(|client| client.terms.documents == Documents::Registered);
    if reach == Reach::Itself && held {
        let sentence = "this client may send registered operations alone: the programme team \
                        registers more";
        return Err(Failure::Forbidden(sentence.to_owned()).into());
    }
    Ok(owner)
}
