//! Whose records lie within a reach: the same rule for every list, look-up and command.

use chrono::NaiveDate;
use entity::cohort;

use super::{Enrolment, Learner, Post, Records};
use crate::{
    auth::{actor::Actor, policy::Reach},
    domain::{directory::Directory, timeline::within, viewer::Viewer},
    ids::OrganisationId,
};

/// A reach, ready to be asked about records.
pub(in crate::domain) struct Within<'a> {
    pub directory: &'a Directory,
    pub records: &'a Records,
    pub reach: Reach,
    pub today: NaiveDate,
    pub actor: &'a Actor,
}

impl<'a> Within<'a> {
    pub(in crate::domain) fn new(
        viewer: &'a Viewer,
        directory: &'a Directory,
        records: &'a Records,
        reach: Reach,
    ) -> Self {
        Self { directory, records, reach, today: viewer.today(), actor: viewer.actor() }
    }

    pub(in crate::domain) fn organisation(&self, id: OrganisationId) -> bool {
        let found = self.directory.find(id);
        found.is_some_and(|found| self.directory.covers(&self.reach, found, self.today))
    }

    /// The same question about a part of the reach.
    fn part(&self, reach: &Reach) -> Within<'_> {
        Within { reach: reach.clone(), ..*self }
    }

    /// Those of its training hub and, of others, those that have learners in reach. A
    /// site sees those of its own hub too, for which it can apply.
    pub(in crate::domain) fn cohort(&self, cohort: &cohort::Model) -> bool {
        if self.organisation(cohort.training_hub_id) {
            return true;
        }
        match &self.reach {
            Reach::Site(site) if self.trained_by(*site, cohort.training_hub_id) => true,
            Reach::Provider(provider) => cohort.provider_id == Some(*provider),
            Reach::Granted(parts) => parts.iter().any(|part| self.part(part).cohort(cohort)),
            Reach::Nowhere | Reach::Itself => false,
            Reach::Everywhere
            | Reach::Site(_)
            | Reach::TrainingHub(_)
            | Reach::Area(_)
            | Reach::Region(_)
            | Reach::Assigned => {
                self.records.of_cohort(cohort.id).any(|enrolment| self.enrolment(enrolment))
            }
        }
    }

    /// Those at a site in reach, those of a training hub's own cohorts, a provider's own,
    /// and those that somebody is assigned to.
    pub(in crate::domain) fn enrolment(&self, enrolment: &Enrolment) -> bool {
        let cohort = self.records.cohort(enrolment.row.cohort_id);
        match &self.reach {
            Reach::Provider(provider) => {
                cohort.is_some_and(|cohort| cohort.provider_id == Some(*provider))
            }
            Reach::Assigned => self.assigned(enrolment),
            Reach::TrainingHub(_) | Reach::Region(_) => {
                self.organisation(enrolment.row.site_id)
                    || cohort.is_some_and(|cohort| self.organisation(cohort.training_hub_id))
            }
            Reach::Granted(parts) => parts.iter().any(|part| self.part(part).enrolment(enrolment)),
            Reach::Nowhere
            | Reach::Itself
            | Reach::Everywhere
            | Reach::Site(_)
            | Reach::Area(_) => self.organisation(enrolment.row.site_id),
        }
    }

    fn trained_by(&self, site: OrganisationId, hub: OrganisationId) -> bool {
        let place = self.directory.find(site).and_then(|site| site.placement_at(self.today));
        place.is_some_and(|place| place.training_hub_id == Some(hub))
    }

    fn assigned(&self, enrolment: &Enrolment) -> bool {
        let Actor::Holder(holder) = self.actor else { return false };
        let theirs = |row: &&entity::mentor_assignment::Model| {
            row.issuer == holder.issuer && row.subject == holder.subject
        };
        let mut mine = enrolment.mentors.iter().filter(theirs);
        mine.any(|row| within(self.today, row.valid_from, row.valid_to))
    }

    /// A learner by any of their enrolments.
    pub(in crate::domain) fn learner(&self, learner: &Learner) -> bool {
        let mut enrolments = self.records.of_learner(learner.row.id);
        enrolments.any(|enrolment| self.enrolment(enrolment))
    }

    /// A post by where it is, or was last, held.
    pub(in crate::domain) fn post(&self, post: &Post) -> bool {
        post.organisations().any(|place| self.organisation(place))
    }
}
