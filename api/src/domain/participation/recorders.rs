//! Who recorded a stage: in which role and for which organisation. Whoever may know a
//! site's part may know that; who the person was is the audit's.

use std::collections::{BTreeSet, HashMap};

use entity::audit;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    auth::{action::Action, actor::Role},
    domain::{error::Failure, viewer::Viewer},
    ids::OrganisationId,
};

/// A site, and what was recorded of it.
pub type Recorded = (OrganisationId, i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorder {
    /// None for a role that there is no more.
    pub role: Option<Role>,
    /// None where the role is held for none of the register.
    pub organisation: Option<OrganisationId>,
}

/// Who recorded each of those, as far as the viewer may know: in one statement.
pub async fn recorders(
    viewer: &Viewer,
    recorded: &[Recorded],
) -> Result<HashMap<Recorded, Recorder>, Failure> {
    let (records, directory) = (viewer.records(), viewer.directory());
    let reach = viewer.reach(Action::ReadParticipation);
    let audit = |&(site, id): &Recorded| {
        let seen =
            directory.find(site).is_some_and(|it| directory.covers(&reach, it, viewer.today()));
        let it = records.participant(site).filter(|_| seen)?;
        let row = it.records.iter().find(|row| row.id == id)?;
        Some(((site, id), row.audit_id))
    };
    let audits: HashMap<Recorded, i64> = recorded.iter().filter_map(audit).collect();
    let ids: BTreeSet<i64> = audits.values().copied().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String, Option<OrganisationId>)> = audit::Entity::find()
        .select_only()
        .columns([audit::Column::Id, audit::Column::Role, audit::Column::ActorOrganisationId])
        .filter(audit::Column::Id.is_in(ids))
        .into_tuple()
        .all(&viewer.store().reader)
        .await?;
    let known: HashMap<i64, Recorder> = rows
        .into_iter()
        .map(|(id, role, organisation)| (id, Recorder { role: Role::named(&role), organisation }))
        .collect();
    let found = audits.into_iter();
    Ok(found.filter_map(|(key, audit)| Some((key, *known.get(&audit)?))).collect())
}
