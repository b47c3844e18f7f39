//! Changing what a machine client is called, signs with, and is granted.

use std::collections::BTreeSet;

use entity::{
    api_client::{self, Documents},
    api_client_grant, api_client_key,
    change::ChangeType,
    organisation::Kind,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{
    ApiClient, commit, opened,
    register::{Grant, granted, keys, write_grants, write_keys},
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, ProblemCode, Problems, invalid},
        text,
        turn::{Said, Turn},
        viewer::Viewer,
    },
};

/// What becomes another; what is None stays as it is.
#[derive(Debug, Clone)]
pub struct ChangeApiClient {
    pub client: i64,
    pub expected_version: i32,
    pub name: Option<String>,
    pub contact: Option<String>,
    /// All of its keys from now on.
    pub jwks: Option<String>,
    /// All that it is granted from now on.
    pub grants: Option<Vec<Grant>>,
    /// The cost that it may spend in a minute from now on; 0: as everybody.
    pub cost_per_minute: Option<i32>,
    pub documents: Option<Documents>,
}

/// Changes the client; what it is granted no longer, it can do no longer.
pub async fn change(
    viewer: &Viewer,
    permit: Permit,
    command: ChangeApiClient,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let client = opened(&turn, command.client, command.expected_version).await?;
            if !client.is_active() {
                return invalid("input.id", ProblemCode::Contradiction, "it is revoked, for good");
            }
            let mut row = client.row.clone();
            let mut problems = Problems::default();
            if let Some(name) = &command.name {
                row.name = text::name(name, "input.name", &mut problems);
            }
            if let Some(contact) = &command.contact {
                row.contact = text::sentence(contact, "input.contact", &mut problems);
            }
            match command.cost_per_minute {
                None => {}
                Some(0) => row.cost_per_minute = None,
                Some(cost @ 1..) => row.cost_per_minute = Some(cost),
                Some(_) => {
                    let sentence = "send a cost above 0; or 0, for what everybody may spend";
                    problems.add("input.costPerMinute", ProblemCode::OutOfRange, sentence);
                }
            }
            row.documents = command.documents.unwrap_or(row.documents);
            let new_keys = command.jwks.as_deref().map(|set| keys(Some(set), &mut problems));
            let new_grants =
                command.grants.as_deref().map(|list| granted(&turn, list, &mut problems));
            problems.check()?;
            let differs = new_keys.as_ref().is_some_and(|keys| differ(&client, keys));
            let granted: BTreeSet<_> = client.granted.iter().copied().collect();
            let regranted = new_grants.as_ref().is_some_and(|new| *new != granted);
            if row == client.row && !differs && !regranted {
                return invalid("input", ProblemCode::Unchanged, "it is so already");
            }
            let id = row.id;
            if let Some(keys) = new_keys.filter(|_| differs) {
                let all = api_client_key::Column::ClientId.eq(id);
                let all = api_client_key::Entity::delete_many().filter(all);
                all.exec(turn.connection()).await?;
                write_keys(&mut turn, id, keys).await?;
            }
            if let Some(grants) = new_grants.filter(|_| regranted) {
                let all = api_client_grant::Column::ClientId.eq(id);
                let all = api_client_grant::Entity::delete_many().filter(all);
                all.exec(turn.connection()).await?;
                write_grants(&mut turn, id, grants).await?;
                say_regranted(&mut turn, &row);
                row.granted_from = turn.last_position();
            }
            write(&mut turn, row).await?;
            commit(turn, id).await?;
            Ok(id)
        })
        .await
}

/// Gives the change a place in the feed: what the client followed up to there was the feed
/// of somebody who could see something else.
fn say_regranted(turn: &mut Turn, row: &api_client::Model) {
    let programme = turn.directory().of_kind(Kind::Programme).first().map(|found| found.id());
    let Some(organisation_id) = programme else { return };
    turn.say(Said {
        organisation_id,
        change_type: ChangeType::ReachChanged,
        effective_on: None,
        before: None,
        after: Some(format!("client:{}", row.code)),
        node: None,
    });
}

fn differ(client: &ApiClient, keys: &[(String, String)]) -> bool {
    let known: BTreeSet<_> = client.keys.iter().map(|key| (&key.kid, &key.jwk)).collect();
    known != keys.iter().map(|(kid, jwk)| (kid, jwk)).collect()
}

/// Writes the row as the next version of itself.
pub(super) async fn write(turn: &mut Turn, mut row: api_client::Model) -> Result<(), Declined> {
    row.version += 1;
    row.audit_id = turn.audit(None).await?;
    row.into_active_model().reset_all().update(turn.connection()).await?;
    Ok(())
}
