//! Reading what is about persons leaves a row in the audit before the answer leaves: who
//! read whose record, and when. Reading by those who work with a learner is their work,
//! and leaves none, but for who the learner is.

use std::collections::BTreeSet;

use entity::{audit, change::NodeType};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{error::Failure, viewer::Viewer};
use crate::{
    auth::{action::Action, actor::Actor, policy},
    ids::OrganisationId,
};

/// One thing that was read: of which organisation, and which record of it if one alone.
pub type Read = (OrganisationId, Option<(NodeType, i64)>);

/// Whether the viewer is audited when reading of enrolments and posts.
pub fn oversees(viewer: &Viewer) -> bool {
    policy::oversees(viewer.actor())
}

/// Records that enrolments or posts of some places were read, if whoever reads them is
/// audited.
pub async fn of_places(
    viewer: &Viewer,
    action: Action,
    places: impl IntoIterator<Item = OrganisationId>,
) -> Result<(), Failure> {
    if !oversees(viewer) {
        return Ok(());
    }
    let read = places.into_iter().map(|place| (place, None)).collect();
    record(viewer, action, read).await
}

/// Writes a row for each thing that was read, in one statement.
pub(super) async fn record(
    viewer: &Viewer,
    action: Action,
    read: BTreeSet<Read>,
) -> Result<(), Failure> {
    let Actor::Holder(holder) = viewer.actor() else { return Err(Failure::Unauthenticated) };
    if read.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = read
        .into_iter()
        .map(|(organisation, node)| audit::ActiveModel {
            at: Set(viewer.now()),
            request_id: Set(viewer.request_id().to_owned()),
            issuer: Set(holder.issuer.clone()),
            subject: Set(holder.subject.clone()),
            role: Set(holder.role.name().to_owned()),
            actor_organisation_id: Set(holder.organisation),
            action: Set(action.name().to_owned()),
            organisation_id: Set(Some(organisation)),
            node_type: Set(node.map(|(kind, _)| kind)),
            node_id: Set(node.map(|(_, id)| id)),
            ..audit::ActiveModel::default()
        })
        .collect();
    let written = viewer.uninterrupted(|viewer| async move {
        audit::Entity::insert_many(rows).exec_without_returning(&viewer.store().writer).await
    });
    written.await.map(|_| ()).map_err(Failure::from)
}
