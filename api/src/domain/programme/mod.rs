//! Programme content: what a General Practice Assistant does, what they learn for it, and
//! what is known of the role's effect.
//!
//! The job description and the competency framework are versions that are drafted whole,
//! published, and from then on never changed; the newest published one is the current one.
//! Publishing does not retire what came before: who began on a version stays on it.

pub mod check;
pub mod content;
pub mod differences;
pub mod framework;
pub mod job_description;
pub(in crate::domain) mod load;
pub mod settle;
pub mod shipped;

use std::sync::Arc;

use entity::{change::ChangeType, duty, evidence, job_description::State, proof_of_concept};

use self::content::{Competency, Domain, Framework, JobDescription, Versioned, Versions};
use super::{
    directory::organisation::Organisation,
    metrics::england,
    organisations::{self, OrganisationBy},
    turn::{Said, Turn},
    viewer::Viewer,
};
use crate::auth::{action::Action, policy::Reach};

/// Every version of the job description that the viewer may see, the oldest first.
pub fn job_descriptions(viewer: &Viewer) -> Vec<Arc<JobDescription>> {
    listed(viewer, viewer.catalogue().content().job_descriptions())
}

/// The version that is called so; without a name, the current one.
pub fn job_description(viewer: &Viewer, version: Option<&str>) -> Option<Arc<JobDescription>> {
    found(viewer, viewer.catalogue().content().job_descriptions(), version)
}

pub fn job_description_by_id(viewer: &Viewer, id: i64) -> Option<Arc<JobDescription>> {
    let catalogue = viewer.catalogue();
    let versions = catalogue.content().job_descriptions();
    versions.find(id).filter(|each| seen(viewer, &***each)).cloned()
}

/// Every version of the framework that the viewer may see, the oldest first.
pub fn frameworks(viewer: &Viewer) -> Vec<Arc<Framework>> {
    listed(viewer, viewer.catalogue().content().frameworks())
}

/// The version that is called so; without a name, the current one.
pub fn framework(viewer: &Viewer, version: Option<&str>) -> Option<Arc<Framework>> {
    found(viewer, viewer.catalogue().content().frameworks(), version)
}

pub fn framework_by_id(viewer: &Viewer, id: i64) -> Option<Arc<Framework>> {
    let catalogue = viewer.catalogue();
    let versions = catalogue.content().frameworks();
    versions.find(id).filter(|each| seen(viewer, &***each)).cloned()
}

/// The duty of that id, if the viewer may see the version that holds it.
pub fn duty(viewer: &Viewer, id: i64) -> Option<Arc<duty::Model>> {
    let duty = viewer.catalogue().content().duty(id)?.clone();
    job_description_by_id(viewer, duty.job_description_id).map(|_| duty)
}

/// The domain of that id, if the viewer may see the version that holds it.
pub fn domain(viewer: &Viewer, id: i64) -> Option<Arc<Domain>> {
    let domain = viewer.catalogue().content().domain(id)?.clone();
    framework_by_id(viewer, domain.row.framework_id).map(|_| domain)
}

/// The competency of that id, if the viewer may see the version that holds it.
pub fn competency(viewer: &Viewer, id: i64) -> Option<Arc<Competency>> {
    let competency = viewer.catalogue().content().competency(id)?.clone();
    framework_by_id(viewer, competency.row.framework_id).map(|_| competency)
}

/// What was published of the role's effect, or what speaks of one metric.
pub fn evidence(viewer: &Viewer, metric: Option<&str>) -> Vec<evidence::Model> {
    let catalogue = viewer.catalogue();
    let all = catalogue.content().evidence().iter();
    let speaks = |row: &&evidence::Model| {
        metric.is_none_or(|code| row.metrics.split_whitespace().any(|each| each == code))
    };
    all.filter(speaks).cloned().collect()
}

pub fn evidence_by_id(viewer: &Viewer, id: i64) -> Option<evidence::Model> {
    viewer.catalogue().content().evidence().iter().find(|row| row.id == id).cloned()
}

/// The places where the role was first tried.
pub fn proofs_of_concept(viewer: &Viewer) -> Vec<proof_of_concept::Model> {
    viewer.catalogue().content().proofs_of_concept().to_vec()
}

pub fn proof_of_concept_by_id(viewer: &Viewer, id: i64) -> Option<proof_of_concept::Model> {
    viewer.catalogue().content().proofs_of_concept().iter().find(|row| row.id == id).cloned()
}

/// The regions of today's register in which a place of the proof of concept lies.
pub fn regions(viewer: &Viewer, place: &proof_of_concept::Model) -> Vec<Arc<Organisation>> {
    let codes = place.regions.split_whitespace().filter_map(|code| code.parse().ok());
    let by = codes.map(OrganisationBy::OdsCode);
    by.filter_map(|by| organisations::find(viewer, &by, viewer.today())).collect()
}

fn listed<T: Versioned>(viewer: &Viewer, versions: &Versions<T>) -> Vec<Arc<T>> {
    versions.all().iter().filter(|each| seen(viewer, &***each)).cloned().collect()
}

fn found<T: Versioned>(
    viewer: &Viewer,
    versions: &Versions<T>,
    version: Option<&str>,
) -> Option<Arc<T>> {
    let found = version.map_or_else(|| versions.current(), |version| versions.named(version));
    found.filter(|each| seen(viewer, &***each)).cloned()
}

/// Drafts are seen by those who may draft; what was ever published, by everybody.
fn seen(viewer: &Viewer, version: &impl Versioned) -> bool {
    version.state() != State::Draft || viewer.reach(Action::DraftProgrammeContent) != Reach::Nowhere
}

/// Says something of a version in the feed, where it is the programme's.
fn say(turn: &mut Turn, change_type: ChangeType, what: String) {
    if let Some(organisation_id) = england(turn.directory()) {
        let effective_on = Some(turn.today());
        let after = Some(what);
        turn.say(Said {
            organisation_id,
            change_type,
            effective_on,
            before: None,
            after,
            node: None,
        });
    }
}
