//! What the register itself counts at the end of a month: how many organisations a place
//! holds, how many of its sites are eligible, and their patients. It is also how many
//! organisations are expected to report.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Status};

use super::boundaries::{Follow, places_on};
use crate::{
    domain::{
        directory::{Directory, organisation::Organisation},
        metrics::{derivation::Counted, england},
    },
    ids::{Month, OrganisationId},
};

/// What one place holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::domain) struct Held {
    pub eligible: u32,
    pub patients: i64,
    pub networks: u32,
    pub sub_icbs: u32,
    pub icbs: u32,
    pub training_hubs: u32,
    pub regions: u32,
}

/// What every place holds at the end of a month.
pub(in crate::domain) type Census = HashMap<OrganisationId, Held>;

/// Which census: of which month, on which boundaries (none: those of the month itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::domain) struct Taken {
    pub month: Month,
    pub on: Option<(NaiveDate, Follow)>,
}

impl Held {
    /// How many organisations of a kind are expected to report.
    pub(super) fn expected(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Site => self.eligible,
            Kind::Pcn => self.networks,
            Kind::SubIcb => self.sub_icbs,
            Kind::Icb => self.icbs,
            Kind::TrainingHub => self.training_hubs,
            Kind::Region => self.regions,
            Kind::Programme | Kind::Provider => 1,
        }
    }

    pub(super) fn counted(&self, counted: Counted) -> i64 {
        match counted {
            Counted::EligibleSites => i64::from(self.eligible),
            Counted::ActiveNetworks => i64::from(self.networks),
            Counted::Patients => self.patients,
        }
    }

    /// What one organisation counts for on a day.
    pub(super) fn of(organisation: &Organisation, day: NaiveDate) -> Option<Self> {
        let mut held = Self::default();
        if organisation.kind() == Kind::Site {
            if !organisation.eligible_at(day) {
                return None;
            }
            held.eligible = 1;
            held.patients =
                organisation.list_size_at(day).map_or(0, |(_, patients)| i64::from(patients));
            return Some(held);
        }
        if organisation.status_at(day) != Some(Status::Active) {
            return None;
        }
        match organisation.kind() {
            Kind::Pcn => held.networks = 1,
            Kind::SubIcb => held.sub_icbs = 1,
            Kind::Icb => held.icbs = 1,
            Kind::TrainingHub => held.training_hubs = 1,
            Kind::Region => held.regions = 1,
            Kind::Site | Kind::Programme | Kind::Provider => return None,
        }
        Some(held)
    }

    fn add(&mut self, other: &Self) {
        self.eligible += other.eligible;
        self.patients += other.patients;
        self.networks += other.networks;
        self.sub_icbs += other.sub_icbs;
        self.icbs += other.icbs;
        self.training_hubs += other.training_hubs;
        self.regions += other.regions;
    }
}

/// Takes a census, or gives the one that was taken of this state of the register.
pub(super) fn take(directory: &Directory, taken: Taken) -> Arc<Census> {
    directory.census(taken, || {
        let day = taken.month.last_day();
        let england = england(directory);
        let mut census = Census::new();
        for organisation in directory.all() {
            let Some(held) = Held::of(organisation, day) else { continue };
            for place in places_on(directory, organisation, taken.month, taken.on) {
                census.entry(place).or_default().add(&held);
            }
            if let Some(england) = england {
                census.entry(england).or_default().add(&held);
            }
        }
        census
    })
}
