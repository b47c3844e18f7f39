//! What follows from a turn for records that it did not touch, and for those who could see
//! them: every change of what a node shows, or of who may see it, has its line in the feed.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{
    change::{ChangeType, NodeType, Tells},
    organisation::Kind,
};

use super::{Said, Turn};
use crate::domain::{
    cohorts::places_taken,
    directory::Directory,
    records::{
        load::Node,
        parties::{Parties, Sight},
    },
};

impl Turn {
    /// Says what follows. `after` is the register as the turn leaves it.
    pub(super) fn tell_of_consequences(&mut self, after: &Arc<Directory>) {
        let tells =
            |said: &Said| matches!(said.change_type.tells(), Tells::Register | Tells::Records);
        if !self.passes_day && !self.said.iter().any(tells) {
            return;
        }
        let (began, earlier) = (self.began.clone(), self.records.clone());
        let later = self.renewed.take();
        let before = Sight::new(&began, &earlier, self.reached.day.unwrap_or(self.today()));
        let now = Sight::new(after, later.as_ref().unwrap_or(&earlier), self.today());
        self.tell_of_places(&before, &now);
        let touched = self.touched();
        for node in self.affected(&before, &now) {
            let (could, can) = (before.of(node), now.of(node));
            let lost: Parties = could.difference(&can).cloned().collect();
            if let Some(at) = touched.get(&node) {
                if !lost.is_empty() {
                    self.left.insert(*at, lost);
                }
            } else if could != can
                && let Some(organisation_id) =
                    now.organisation(node).or_else(|| before.organisation(node))
            {
                self.left.insert(self.said.len(), lost);
                self.say(Said {
                    organisation_id,
                    change_type: ChangeType::ReachChanged,
                    effective_on: None,
                    before: None,
                    after: None,
                    node: Some(node),
                });
            }
        }
        self.renewed = later;
    }

    /// Says of cohorts that more or fewer of their places are taken.
    fn tell_of_places(&mut self, before: &Sight, now: &Sight) {
        let enrolments =
            self.touched().into_keys().filter(|(kind, _)| *kind == NodeType::Enrolment);
        let cohorts: BTreeSet<i64> = enrolments
            .flat_map(|(_, id)| [before, now].map(|sight| sight.records.enrolment(id)))
            .flatten()
            .map(|enrolment| enrolment.row.cohort_id)
            .collect();
        for id in cohorts {
            let taken = |sight: &Sight| places_taken(sight.records, id);
            let (was, is) = (taken(before), taken(now));
            let Some(cohort) = now.records.cohort(id).filter(|_| was != is) else { continue };
            self.say(Said {
                organisation_id: cohort.training_hub_id,
                change_type: ChangeType::PlacesTaken,
                effective_on: None,
                before: Some(was.to_string()),
                after: Some(is.to_string()),
                node: Some((NodeType::Cohort, id)),
            });
        }
    }

    /// The records that the turn tells of, and where it does so last.
    fn touched(&self) -> HashMap<Node, usize> {
        let said = self.said.iter().enumerate();
        said.filter_map(|(at, said)| Some((said.node?, at))).collect()
    }

    /// The records that other people may be able to see than could.
    fn affected(&self, before: &Sight, now: &Sight) -> BTreeSet<Node> {
        let sights = [before, now];
        if self.passes_day || self.has_moved(before, now) {
            // The part of a site that is new comes with the site.
            let sites = before.directory.of_kind(Kind::Site).iter();
            let parts = sites.map(|site| (NodeType::Participation, site.id()));
            return sights.into_iter().flat_map(everything).chain(parts).collect();
        }
        let touched: BTreeSet<Node> = self.touched().into_keys().collect();
        let around = touched.iter().flat_map(|node| sights.map(|sight| around(sight, *node)));
        let around: BTreeSet<Node> = around.flatten().collect();
        touched.into_iter().chain(around).collect()
    }

    /// Whether any organisation sits elsewhere than before.
    fn has_moved(&self, before: &Sight, now: &Sight) -> bool {
        let register = self.said.iter().filter(|said| said.change_type.tells() == Tells::Register);
        let told: BTreeSet<_> = register.map(|said| said.organisation_id).collect();
        told.into_iter().any(|id| {
            let place = |sight: &Sight| {
                let place = sight.directory.find(id)?.placement_at(sight.day)?;
                let hub = place.training_hub_id;
                Some((place.region_id, place.icb_id, place.sub_icb_id, place.pcn_id, hub))
            };
            place(before) != place(now)
        })
    }
}

/// Every record but sites' parts in the programme.
fn everything(sight: &Sight) -> Vec<Node> {
    let records = sight.records;
    let cohorts = records.cohorts().map(|row| (NodeType::Cohort, row.id));
    let learners = records.learners().map(|it| (NodeType::Learner, it.row.id));
    let enrolments = records.enrolments().map(|it| (NodeType::Enrolment, it.row.id));
    let posts = records.posts().map(|it| (NodeType::Post, it.row.id));
    cohorts.chain(learners).chain(enrolments).chain(posts).collect()
}

/// The records that are seen by whoever sees this one.
fn around(sight: &Sight, (kind, id): Node) -> Vec<Node> {
    let records = sight.records;
    match kind {
        NodeType::Enrolment => records.enrolment(id).map_or(Vec::new(), |it| {
            vec![(NodeType::Cohort, it.row.cohort_id), (NodeType::Learner, it.row.learner_id)]
        }),
        NodeType::Cohort => {
            let theirs = records.of_cohort(id);
            let nodes = theirs.flat_map(|it| {
                [(NodeType::Enrolment, it.row.id), (NodeType::Learner, it.row.learner_id)]
            });
            nodes.collect()
        }
        NodeType::Learner => {
            let holder = records.holder(id).map(|holder| holder.row.id);
            let theirs = holder.into_iter().flat_map(|id| records.of_learner(id));
            theirs.map(|it| (NodeType::Enrolment, it.row.id)).collect()
        }
        NodeType::Participation | NodeType::Post => Vec::new(),
    }
}
