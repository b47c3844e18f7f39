//! Webhooks: addresses that changes are sent to, as [`crate::webhooks`] does. Each has a
//! place of its own in the change feed, so that the feed is all that is kept for them:
//! what could not be delivered is there to be read again.

pub mod addresses;
pub mod change;
pub mod claim;
pub mod deliveries;
pub mod list;
pub mod outgoing;
pub mod register;
pub mod remove;
pub mod rotate;
pub mod run;
pub mod secret;
pub mod settle;
pub mod target;

use std::collections::BTreeSet;

use entity::{
    change::ChangeType,
    webhook::{Column, Entity, Model},
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel,
    QuerySelect, sea_query::Expr,
};

use super::{
    error::{Declined, Failure},
    turn::{Turn, reached},
    viewer::Viewer,
};
use crate::{
    auth::{
        action::Action,
        actor::{Actor, Role, Scope},
        policy::{Permit, Reach},
    },
    ids::OrganisationId,
};

/// Whose webhooks lie within a reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Everybodys,
    Nobodys,
    Clients(i64),
    Hubs(OrganisationId),
}

impl Whose {
    fn within(viewer: &Viewer, action: Action) -> Self {
        Self::of(viewer, &viewer.reach(action))
    }

    fn of(viewer: &Viewer, reach: &Reach) -> Self {
        match reach {
            Reach::Everywhere => Self::Everybodys,
            Reach::TrainingHub(hub) => Self::Hubs(*hub),
            Reach::Itself => match viewer.actor() {
                Actor::Holder(holder) => {
                    holder.client.as_ref().map_or(Self::Nobodys, |own| Self::Clients(own.id))
                }
                Actor::Public => Self::Nobodys,
            },
            Reach::Nowhere
            | Reach::Site(_)
            | Reach::Area(_)
            | Reach::Region(_)
            | Reach::Provider(_)
            | Reach::Assigned
            | Reach::Granted(_) => Self::Nobodys,
        }
    }

    fn covers(self, row: &Model) -> bool {
        match self {
            Self::Everybodys => true,
            Self::Nobodys => false,
            Self::Clients(client) => row.client_id == Some(client),
            Self::Hubs(hub) => row.role == Role::HubTeam.name() && row.organisation_id == Some(hub),
        }
    }

    /// What [`Whose::covers`] says, of rows.
    fn condition(self) -> Condition {
        match self {
            Self::Everybodys => Condition::all(),
            Self::Nobodys => Condition::all().add(Expr::cust("1 = 0")),
            Self::Clients(client) => Condition::all().add(Column::ClientId.eq(client)),
            Self::Hubs(hub) => Condition::all()
                .add(Column::Role.eq(Role::HubTeam.name()))
                .add(Column::OrganisationId.eq(hub)),
        }
    }
}

/// A webhook as it was read.
#[derive(Debug, Clone, Copy)]
pub struct AsRead {
    pub webhook: i64,
    pub expected_version: i32,
}

/// The webhook as it is in this turn, as the caller has read it. It stays so until the
/// turn's end: whoever delivers to it waits to say how far it has come.
async fn opened(turn: &Turn, read: AsRead) -> Result<Model, Declined> {
    let row = Entity::find_by_id(read.webhook).lock_exclusive().one(turn.connection()).await?;
    let row = row.ok_or(Failure::NotFound)?;
    turn.permits(Action::ReadWebhooks, |reach| Whose::of(turn.viewer(), &reach).covers(&row))?;
    if row.version != read.expected_version {
        return Err(Declined::VersionConflict(row.id));
    }
    Ok(row)
}

/// Changes a webhook in a turn of its own, and gives it as it then is. `alter` is told how
/// far the feed has come.
async fn changed(
    viewer: &Viewer,
    permit: Permit,
    read: AsRead,
    alter: impl FnOnce(&Turn, i64, &mut Model) -> Result<(), Declined> + Send + 'static,
) -> Result<Model, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let mut row = opened(&turn, read).await?;
            let end = reached(turn.connection()).await?.position;
            alter(&turn, end, &mut row)?;
            write(turn, row).await
        })
        .await
}

/// Writes the row as the next version of itself, and ends the turn.
async fn write(mut turn: Turn, mut row: Model) -> Result<Model, Declined> {
    row.version += 1;
    row.audit_id = turn.audit(row.organisation_id).await?;
    row.clone().into_active_model().reset_all().update(turn.connection()).await?;
    turn.commit(row.organisation_id, row.id).await?;
    Ok(row)
}

/// The types of change that a webhook is sent; empty where it is sent all of them.
pub fn types(row: &Model) -> Vec<ChangeType> {
    let names: Vec<String> =
        row.types.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    names.into_iter().filter_map(|name| ChangeType::try_from_value(&name).ok()).collect()
}

/// What [`types`] reads.
fn spelt(types: &[ChangeType]) -> Option<String> {
    let names: Vec<String> = types.iter().map(ActiveEnum::to_value).collect();
    (!names.is_empty()).then(|| serde_json::json!(names).to_string())
}

/// The scopes that a webhook tells by.
pub fn scopes(row: &Model) -> BTreeSet<Scope> {
    row.scopes.split(' ').filter_map(Scope::named).collect()
}

/// What [`scopes`] reads.
fn spelt_scopes(scopes: &BTreeSet<Scope>) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    names.join(" ")
}

/// The positions after the cursor that were delivered already.
pub fn delivered(row: &Model) -> Vec<i64> {
    serde_json::from_str(&row.delivered).unwrap_or_default()
}
