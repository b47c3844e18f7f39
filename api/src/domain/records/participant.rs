//! What is known of one site or network: who was in training and in post there, and the
//! stages that follow.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    change::{ChangeType, NodeType},
    enrolment::State,
    stage_record,
};

use super::{
    Enrolment, Post,
    enrolment::Spell,
    stages::{Facts, Held, Stage, StageChange, stage_at, stages},
};
use crate::{domain::turn::Said, ids::OrganisationId};

/// One organisation's part in the programme.
#[derive(Debug, Clone)]
pub struct Participant {
    pub organisation: OrganisationId,
    /// Every enrolment that was ever there, by its id.
    pub enrolments: Vec<Arc<Enrolment>>,
    /// Training there.
    pub spells: Vec<(Arc<Enrolment>, Spell)>,
    /// Posts that were ever held there, by their ids.
    pub posts: Vec<Arc<Post>>,
    pub records: Arc<[stage_record::Model]>,
    pub stages: Vec<StageChange>,
    facts: Facts,
}

impl Participant {
    /// `completed_on` says when a learner completed, if they did.
    pub(super) fn new(
        organisation: OrganisationId,
        records: Arc<[stage_record::Model]>,
        mut enrolments: Vec<Arc<Enrolment>>,
        mut posts: Vec<Arc<Post>>,
        completed_on: impl Fn(i64) -> Option<NaiveDate>,
    ) -> Self {
        let mut spells: Vec<(Arc<Enrolment>, Spell)> = enrolments
            .iter()
            .flat_map(|enrolment| {
                let here = enrolment.spells().into_iter();
                here.filter(|spell| spell.site == organisation)
                    .map(|spell| (enrolment.clone(), spell))
            })
            .collect();
        enrolments.shrink_to_fit();
        posts.shrink_to_fit();
        spells.shrink_to_fit();
        let facts = Facts {
            recorded: records.iter().map(|row| (row.occurred_on, row.id, row.stage)).collect(),
            training: spells.iter().map(|(enrolment, spell)| trained(enrolment, spell)).collect(),
            posts: posts
                .iter()
                .flat_map(|post| in_post(post, organisation, &completed_on))
                .collect(),
        };
        let mut stages = stages(&facts);
        stages.shrink_to_fit();
        Self { organisation, enrolments, spells, posts, records, stages, facts }
    }

    pub fn stage_at(&self, day: NaiveDate) -> Stage {
        stage_at(&self.stages, day)
    }

    /// What the feed says where the stage on a day is another than it was.
    pub(in crate::domain) fn stage_changed(&self, was: Stage, day: NaiveDate) -> Option<Said> {
        let is = self.stage_at(day);
        let brought = self.stages.iter().rev().find(|change| change.on <= day);
        (was != is).then(|| Said {
            organisation_id: self.organisation,
            change_type: ChangeType::StageChanged,
            effective_on: brought.map(|change| change.on),
            before: Some(was.name().to_owned()),
            after: Some(is.name().to_owned()),
            node: Some((NodeType::Participation, self.organisation)),
        })
    }

    /// Whether somebody is in training there on a day.
    pub fn trains(&self, day: NaiveDate) -> bool {
        self.facts.training.iter().any(|held| held.on(day))
    }

    /// Whether somebody is in post there on a day.
    pub fn holds_post(&self, day: NaiveDate) -> bool {
        self.facts.posts.iter().any(|held| held.on(day))
    }

    /// When a post that is or was held there was first held, wherever that was.
    pub fn first_in_post(&self) -> Option<NaiveDate> {
        self.facts.posts.iter().map(|held| held.since).min()
    }

    /// As [`Participant::first_in_post`], of posts that began there.
    pub fn first_own_post(&self) -> Option<NaiveDate> {
        let own = self.facts.posts.iter().filter(|held| !held.carried);
        own.map(|held| held.from).min()
    }

    /// How far the site came by itself until a day; what it took over from a site that it
    /// followed is that one's.
    pub fn furthest(&self, day: NaiveDate) -> Option<usize> {
        let own = self.stages.iter().filter(|change| change.on <= day && !change.carried);
        own.filter_map(|change| change.stage.rank()).max()
    }
}

fn trained(enrolment: &Enrolment, spell: &Spell) -> Held {
    Held {
        id: enrolment.row.id,
        from: spell.from,
        to: spell.to,
        since: enrolment.started_on().unwrap_or(spell.from).min(spell.from),
        carried: spell.carried,
        completed_on: spell.to.filter(|_| spell.ended == Some(State::Completed)),
    }
}

/// When a post was held at a place. It was carried there if it was held elsewhere until
/// the very day on which it began there.
fn in_post(
    post: &Post,
    place: OrganisationId,
    completed_on: &impl Fn(i64) -> Option<NaiveDate>,
) -> Vec<Held> {
    let here = post.places.iter().filter(|row| row.organisation_id == place);
    let held = here.map(|row| {
        let before = |other: &entity::post_place::Model| other.valid_to == Some(row.valid_from);
        let carried = post.places.iter().any(before);
        Held {
            id: post.row.id,
            from: row.valid_from,
            to: row.valid_to,
            since: if carried { post.row.started_on } else { row.valid_from },
            carried,
            completed_on: post.row.learner_id.and_then(completed_on),
        }
    });
    held.collect()
}
