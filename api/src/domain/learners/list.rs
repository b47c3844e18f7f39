//! Finding learners, always within the viewer's reach. One that was merged is found too,
//! as what it was: it says into whom.

use std::sync::Arc;

use super::Identifier;
use crate::{
    auth::action::Action,
    domain::{
        records::{Learner, reach::Within},
        viewer::Viewer,
    },
    ids::OrganisationId,
};

/// One way to name a learner.
#[derive(Debug, Clone)]
pub enum LearnerLookup {
    Id(i64),
    Reference(String),
    Identifier(Identifier),
}

/// The learner so named, if there is one and the viewer may see them.
pub fn find(viewer: &Viewer, by: &LearnerLookup) -> Option<Arc<Learner>> {
    let records = viewer.records();
    let found = match by {
        LearnerLookup::Id(id) => records.learner(*id),
        LearnerLookup::Reference(reference) => records.by_reference(reference),
        LearnerLookup::Identifier(identifier) => {
            records.by_identifier(&identifier.system, &identifier.value)
        }
    };
    let found = found?.clone();
    visible(viewer, &found).then_some(found)
}

fn visible(viewer: &Viewer, learner: &Learner) -> bool {
    let (directory, records) = (viewer.directory(), viewer.records());
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadEnrolments));
    records.holder(learner.row.id).is_some_and(|holder| within.learner(holder))
}

/// Where a learner's enrolments are that the viewer may see.
pub fn sites(viewer: &Viewer, learner: i64) -> Vec<OrganisationId> {
    let (directory, records) = (viewer.directory(), viewer.records());
    let within = Within::new(viewer, &directory, &records, viewer.reach(Action::ReadEnrolments));
    let Some(holder) = records.holder(learner) else { return Vec::new() };
    let seen = records.of_learner(holder.row.id).filter(|it| within.enrolment(it));
    seen.map(|it| it.row.site_id).collect()
}
