//! Sites' parts in the programme: what hubs record of them, and how far they have come.

pub mod choose_role_model;
pub mod funnel;
pub mod record_stage;
pub mod recorders;
pub mod stage_counts;

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    change::{ChangeType, NodeType},
    organisation::Kind,
    participation::{self, Phase},
    role_model::RoleModel,
};
use sea_orm::{ActiveModelTrait, DbErr, IntoActiveModel};

use super::{
    directory::organisation::Organisation,
    error::{Declined, Failure},
    organisations::{OrganisationBy, resolve},
    records::Participant,
    turn::{Said, Turn},
    viewer::Viewer,
};
use crate::{auth::action::Action, ids::OrganisationId};

/// One site's part, as it stands.
#[derive(Debug, Clone)]
pub struct Participation {
    pub site: Arc<Organisation>,
    /// None where the hub has recorded nothing.
    pub row: Option<participation::Model>,
    /// None where nothing is known at all.
    pub participant: Option<Arc<Participant>>,
}

impl Participation {
    pub fn role_model(&self) -> RoleModel {
        self.row.as_ref().map_or(RoleModel::Undecided, |row| row.role_model)
    }

    pub fn phase(&self) -> Phase {
        self.row.as_ref().map_or(Phase::National, |row| row.phase)
    }

    /// 0 where nothing is recorded.
    pub fn version(&self) -> i32 {
        self.row.as_ref().map_or(0, |row| row.version)
    }
}

/// The part of a site, if it is one and the viewer may know of it.
pub fn of(viewer: &Viewer, site: OrganisationId) -> Option<Participation> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let site = directory.find(site).filter(|site| site.kind() == Kind::Site)?.clone();
    let reach = viewer.reach(Action::ReadParticipation);
    directory.covers(&reach, &site, viewer.today()).then(|| Participation {
        row: records.participation(site.id()).cloned(),
        participant: records.participant(site.id()).cloned(),
        site,
    })
}

/// A site of a command: to be seen, and to be changed, by whoever sends it.
pub(in crate::domain) fn permitted(
    turn: &Turn,
    by: &OrganisationBy,
) -> Result<Arc<Organisation>, Failure> {
    let (directory, today) = (turn.directory(), turn.today());
    let found = resolve(directory, by, today).filter(|found| found.kind() == Kind::Site);
    let site = found.ok_or(Failure::NotFound)?;
    turn.permits(Action::ReadParticipation, |reach| directory.covers(&reach, site, today))?;
    Ok(site.clone())
}

fn at_version(turn: &Turn, site: OrganisationId, expected: i32) -> Result<(), Declined> {
    let known = turn.records().participation(site).map_or(0, |row| row.version);
    if known == expected {
        return Ok(());
    }
    turn.see_before();
    Err(Declined::VersionConflict(site))
}

/// Writes a site's row as the next version of itself.
async fn write(
    turn: &Turn,
    site: OrganisationId,
    role_model: Option<RoleModel>,
    phase: Option<Phase>,
) -> Result<(), DbErr> {
    let known = turn.records().participation(site).cloned();
    let is_new = known.is_none();
    let mut row = known.unwrap_or(participation::Model {
        site_id: site,
        role_model: RoleModel::Undecided,
        phase: Phase::National,
        version: 0,
    });
    row.version += 1;
    row.role_model = role_model.unwrap_or(row.role_model);
    row.phase = phase.unwrap_or(row.phase);
    let row = row.into_active_model().reset_all();
    if is_new {
        row.insert(turn.connection()).await?;
    } else {
        row.update(turn.connection()).await?;
    }
    Ok(())
}

fn say(
    turn: &mut Turn,
    site: OrganisationId,
    change_type: ChangeType,
    on: NaiveDate,
    before: Option<String>,
    after: String,
) {
    turn.say(Said {
        organisation_id: site,
        change_type,
        effective_on: Some(on),
        before,
        after: Some(after),
        node: Some((NodeType::Participation, site)),
    });
}
