//! How many eligible sites of each place are in each stage on a day, for every place at
//! once: counts of places, which everybody may see.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use entity::{organisation::Kind, role_model::RoleModel};

use crate::{
    domain::{
        directory::Directory,
        figures::boundaries::places_on,
        metrics::england,
        records::{Records, stages::Stage},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId},
};

/// Sites of one place, by stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StageCounts {
    counts: [u32; ALL.len()],
    /// Of those on the way, by role model.
    models: [u32; MODELS.len()],
}

/// Every stage, those along the way first.
pub const ALL: [Stage; 9] = [
    Stage::NotEngaged,
    Stage::Interested,
    Stage::Preparing,
    Stage::Training,
    Stage::InPost,
    Stage::Embedded,
    Stage::Sustained,
    Stage::Declined,
    Stage::Lapsed,
];

/// Every role model.
pub const MODELS: [RoleModel; 4] =
    [RoleModel::Administrative, RoleModel::Clinical, RoleModel::Combined, RoleModel::Undecided];

/// The counts of every place on one day.
pub(in crate::domain) type Census = HashMap<OrganisationId, StageCounts>;

impl StageCounts {
    pub fn of(&self, stage: Stage) -> u32 {
        ALL.iter().position(|each| *each == stage).map_or(0, |place| self.counts[place])
    }

    /// Sites on the way that chose a role model.
    pub fn with(&self, model: RoleModel) -> u32 {
        MODELS.iter().position(|each| *each == model).map_or(0, |place| self.models[place])
    }

    fn count(&mut self, stage: Stage, model: RoleModel) {
        if let Some(place) = ALL.iter().position(|each| *each == stage) {
            self.counts[place] += 1;
        }
        let place = MODELS.iter().position(|each| *each == model);
        if let Some(place) = place.filter(|_| stage.rank().is_some()) {
            self.models[place] += 1;
        }
    }
}

/// The counts of a place on a day: of sites that lay within it on that day.
pub fn stage_counts(viewer: &Viewer, place: OrganisationId, day: NaiveDate) -> StageCounts {
    let (directory, records) = (viewer.directory(), viewer.records());
    let census = records.stages_on(day, &directory, || take(&records, &directory, day));
    census.get(&place).copied().unwrap_or_default()
}

fn take(records: &Records, directory: &Directory, day: NaiveDate) -> Arc<Census> {
    let england = england(directory);
    let mut census = Census::new();
    for site in directory.of_kind(Kind::Site).iter().filter(|site| site.eligible_at(day)) {
        let participant = records.participant(site.id());
        let stage = participant.map_or(Stage::NotEngaged, |participant| participant.stage_at(day));
        let model =
            records.participation(site.id()).map_or(RoleModel::Undecided, |it| it.role_model);
        let fixed = Some((day, crate::domain::figures::boundaries::Follow::None));
        let places = places_on(directory, site, Month::of(day), fixed);
        for place in places.chain(england).collect::<BTreeSet<_>>() {
            census.entry(place).or_default().count(stage, model);
        }
    }
    Arc::new(census)
}
