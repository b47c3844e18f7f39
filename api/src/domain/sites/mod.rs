//! Sites: the GP practices and branches that take part, or could.

pub mod close;
pub mod register;
pub mod rename;

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Status};

use super::viewer::Viewer;
use crate::{auth::action::Action, ids::OrganisationId};

/// Sites on one day, by status.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub total: usize,
    pub active: usize,
    pub eligible: usize,
    pub dormant: usize,
    pub proposed: usize,
    /// Patients at the last count of each eligible site.
    pub eligible_patients: i64,
}

/// Counts the sites that lay within an area on that day, or all of them.
pub fn counts(viewer: &Viewer, area: Option<OrganisationId>, day: NaiveDate) -> Counts {
    let directory = viewer.directory();
    let reach = viewer.reach(Action::ReadDirectory);
    let candidates = match area {
        Some(area) => directory.placed(area),
        None => directory.of_kind(Kind::Site),
    };
    let mut counts = Counts::default();
    for site in candidates.iter().filter(|site| site.kind() == Kind::Site) {
        let placed = area.is_none_or(|area| site.placed_within(area, day));
        if !placed || site.lifetime().0 > day || !directory.covers(&reach, site, viewer.today()) {
            continue;
        }
        counts.total += 1;
        match site.status_at(day) {
            Some(Status::Active) => counts.active += 1,
            Some(Status::Dormant) => counts.dormant += 1,
            Some(Status::Proposed) => counts.proposed += 1,
            Some(Status::Closed) | None => {}
        }
        if site.eligible_at(day) {
            counts.eligible += 1;
            let patients = site.list_size_at(day).map_or(0, |(_, patients)| patients);
            counts.eligible_patients += i64::from(patients);
        }
    }
    counts
}
