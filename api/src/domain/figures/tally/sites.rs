//! Counts of sites and networks, and of what they went through.

use chrono::NaiveDate;
use entity::{organisation::Kind, organisation_fact::Status};

use super::{
    Part,
    count::{Counter, share},
};
use crate::{
    domain::{
        directory::organisation::Organisation,
        figures::boundaries::places_on,
        records::{Participant, stages::Stage},
    },
    ids::OrganisationId,
};

impl Counter<'_> {
    pub(super) fn is_new(&self, it: &Participant, organisation: &Organisation) -> bool {
        let first = it.first_own_post();
        let before = it.first_in_post();
        organisation.kind() == Kind::Site
            && first == before
            && first.is_some_and(|day| self.within(day) && organisation.eligible_at(day))
    }

    pub(super) fn has_lapsed(&self, it: &Participant, organisation: &Organisation) -> bool {
        let closed = organisation.lifetime().1;
        let mut lapsed = it.stages.iter().filter(|change| change.stage == Stage::Lapsed);
        organisation.kind() == Kind::Site
            && lapsed.any(|change| {
                // Whoever closed did not lapse.
                self.within(change.on) && closed.is_none_or(|closed| change.on < closed)
            })
    }

    pub(super) fn patients(&self, it: &Participant, organisation: &Organisation) -> Part {
        if !organisation.eligible_at(self.day()) || !it.holds_post(self.day()) {
            return Part::default();
        }
        let counted = organisation.list_size_at(self.day());
        Part { number: counted.map_or(0, |(_, patients)| i64::from(patients)), ..Part::default() }
    }

    /// Days spent in each stage that was left in the month.
    pub(super) fn stage_days(&self, it: &Participant) -> Part {
        let steps = it.stages.windows(2).filter(|step| self.within(step[1].on));
        let steps = steps.filter(|step| step[0].stage.rank().is_some());
        Part {
            each: steps.map(|step| (step[1].on - step[0].on).num_days()).collect(),
            ..Part::default()
        }
    }

    /// The active networks that a post counts for: those of the eligible site where it is
    /// held, or the network that holds it itself. Several posts count a network once.
    pub(super) fn networks(
        &self,
        it: &Participant,
        organisation: &Organisation,
    ) -> Vec<OrganisationId> {
        let day = self.day();
        if !it.holds_post(day) {
            return Vec::new();
        }
        let of: Vec<OrganisationId> = if organisation.kind() == Kind::Pcn {
            vec![organisation.id()]
        } else if organisation.eligible_at(day) {
            places_on(self.directory, organisation, self.month, self.on).collect()
        } else {
            return Vec::new();
        };
        let active = |id: &OrganisationId| {
            self.directory.find(*id).is_some_and(|found| {
                found.kind() == Kind::Pcn && found.status_at(day) == Some(Status::Active)
            })
        };
        of.into_iter().filter(active).collect()
    }
}

/// Of the stages that a site reached, how many it went on from. Sites that have reached
/// the last have nowhere to go on to.
pub(super) fn conversion(it: &Participant, day: NaiveDate) -> Part {
    let Some(furthest) = it.furthest(day) else { return Part::default() };
    let last = Stage::WAY.len() - 1;
    share(furthest, (furthest + 1).min(last))
}
