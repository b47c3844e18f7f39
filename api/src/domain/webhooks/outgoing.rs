//! What is to be sent to a webhook: the feed as its owner may know of it now, judged anew
//! each time, and audited as any reading of it.

use std::{collections::HashSet, sync::Arc};

use entity::{
    change::{self, ChangeType, NodeType},
    organisation_fact::Status,
    webhook::Model,
};

use super::{delivered, scopes, types};
use crate::{
    auth::{
        action::Action,
        actor::{Actor, Client, Holder, Role},
        policy,
    },
    domain::{
        changes::feed::{self, Stretch},
        error::Failure,
        readings,
        store::Store,
        viewer::Viewer,
    },
};

/// How many changes are looked at for one round of deliveries.
const AT_ONCE: usize = 100;

/// Whoever a webhook is held by, as they are now; otherwise a sentence that says why
/// nothing may be sent to it.
pub fn owner(store: &Arc<Store>, row: &Model) -> Result<Viewer, &'static str> {
    let request_id = format!("webhook-{}", uuid::Uuid::now_v7());
    let role = Role::named(&row.role).ok_or("its owner's role is no more")?;
    let holder = |client: Option<Client>| Holder {
        issuer: "webhook".to_owned(),
        subject: row.registered_by.clone(),
        role,
        organisation: row.organisation_id,
        // As of a token, what is not granted any more opens nothing.
        scopes: scopes(row),
        client,
    };
    let holder = match row.client_id {
        Some(id) => {
            let clients = store.api_clients();
            let client = clients.by_id(id).filter(|client| client.is_active());
            let client = client.ok_or("the machine client that it is held by was revoked")?;
            let (grants, terms) = (client.grants.clone(), client.terms());
            holder(Some(Client { id, grants, terms }))
        }
        None => holder(None),
    };
    let viewer = Viewer::new(store.clone(), Actor::Holder(holder), request_id);
    if row.client_id.is_none() && !stands(&viewer, role, row) {
        return Err("the organisation that it is held by is closed, or no more");
    }
    match viewer.permit(Action::ReadChanges) {
        Ok(_) => Ok(viewer),
        Err(_) => Err("its owner may not follow changes any more"),
    }
}

/// Whether an organisation is open today and can hold the role.
fn stands(viewer: &Viewer, role: Role, row: &Model) -> bool {
    let directory = viewer.directory();
    let found = row.organisation_id.and_then(|id| directory.find(id));
    found.is_some_and(|it| {
        let open = it.status_at(viewer.today()).is_some_and(|status| status != Status::Closed);
        open && policy::holds(role, it.kind())
    })
}

/// What follows in the feed, without what was delivered already.
pub async fn read(owner: &Viewer, row: &Model) -> Result<Stretch, Failure> {
    let mut stretch = feed::after(owner, row.cursor, AT_ONCE, &types(row)).await?;
    let done: HashSet<i64> = delivered(row).into_iter().collect();
    stretch.changes.retain(|change| !done.contains(&change.position));
    audited(owner, &stretch.changes).await?;
    Ok(stretch)
}

/// Whether a change that was read for the owner of a webhook is still to be told, by what is
/// known here at this moment: to the same owner with the same rights, and as it was read.
pub fn is_still_told(owner: &Viewer, webhook: &Model, row: &change::Model) -> bool {
    let Ok(now) = self::owner(owner.store(), webhook) else { return false };
    now.sight() == owner.sight()
        || now.actor() == owner.actor() && feed::as_now(&now, row.clone()).as_ref() == Some(row)
}

/// That somebody's enrolment or post changed is itself told of them.
async fn audited(owner: &Viewer, changes: &[change::Model]) -> Result<(), Failure> {
    for (action, kinds) in [
        (Action::ReadEnrolments, &[NodeType::Enrolment, NodeType::Learner][..]),
        (Action::ReadPosts, &[NodeType::Post][..]),
    ] {
        let told = changes.iter().filter(|row| {
            row.change_type != ChangeType::LeftYourReach
                && row.node_type.is_some_and(|kind| kinds.contains(&kind))
        });
        let places = told.map(|row| row.organisation_id);
        readings::of_places(owner, action, places).await?;
    }
    Ok(())
}
