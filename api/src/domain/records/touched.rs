//! Which records something new can make a difference to.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use entity::change::NodeType;

use super::{Enrolment, Post, Records, load::Node};
use crate::ids::OrganisationId;

/// Whose part in the programme, which cohorts and which enrolments are to be looked at
/// anew; whatever else there is stays as it was, with all that follows from it.
#[derive(Debug, Default)]
pub(in crate::domain) struct Touched {
    pub places: BTreeSet<OrganisationId>,
    pub cohorts: BTreeSet<i64>,
    pub enrolments: BTreeSet<i64>,
}

impl Touched {
    pub(in crate::domain) fn all(records: &Records) -> Self {
        Self {
            places: records.participants.keys().copied().collect(),
            cohorts: records.cohorts.keys().copied().collect(),
            enrolments: records.enrolments.keys().copied().collect(),
        }
    }

    pub(in crate::domain) fn len(&self) -> usize {
        self.places.len() + self.cohorts.len() + self.enrolments.len()
    }

    /// Adds whatever hangs together with some records, as one state has them. A learner who
    /// completes makes a difference to the posts that they hold, and one post of a person
    /// to the person's others.
    pub(super) fn by(&mut self, nodes: &BTreeSet<Node>, records: &Records) {
        let ids = |wanted| nodes.iter().filter(move |(kind, _)| *kind == wanted).map(|(_, id)| *id);
        let enrolments = ids(NodeType::Enrolment).filter_map(|id| records.enrolments.get(&id));
        let enrolments: Vec<_> = enrolments.collect();
        let learners: HashSet<i64> =
            enrolments.iter().map(|it| it.row.learner_id).chain(ids(NodeType::Learner)).collect();
        let posts: HashSet<i64> = ids(NodeType::Post).collect();
        let of = posts.iter().filter_map(|id| records.posts.get(id));
        let persons: HashSet<&str> = of.map(|post| &*post.row.person).collect();
        let held = records.posts.values().filter(|post| {
            posts.contains(&post.row.id)
                || persons.contains(&*post.row.person)
                || post.row.learner_id.is_some_and(|id| learners.contains(&id))
        });
        self.places.extend(places(enrolments.iter().copied(), held));
        self.places.extend(ids(NodeType::Participation));
        self.cohorts.extend(ids(NodeType::Cohort));
        self.enrolments.extend(ids(NodeType::Enrolment));
        let theirs = ids(NodeType::Cohort).flat_map(|id| records.of_cohort(id));
        self.enrolments.extend(theirs.map(|it| it.row.id));
    }
}

/// Everywhere that enrolments and posts ever were.
pub(super) fn places<'a>(
    enrolments: impl Iterator<Item = &'a Arc<Enrolment>>,
    posts: impl Iterator<Item = &'a Arc<Post>>,
) -> BTreeSet<OrganisationId> {
    let sites = enrolments.flat_map(|it| it.events.iter().map(|event| event.site_id));
    let held = posts.flat_map(|it| it.places.iter().map(|place| place.organisation_id));
    sites.chain(held).collect()
}
