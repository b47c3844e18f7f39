//! Counts of persons in post, and what they work.

use std::sync::Arc;

use chrono::Months;

use super::{
    Part,
    count::{Counter, share},
};
use crate::{
    domain::records::{Participant, Post},
    ids::Month,
};

impl Counter<'_> {
    pub(super) fn persons(&self, it: &Participant) -> Part {
        let held = it.posts.iter().filter(|post| {
            post.places_at(self.day()).any(|place| place.organisation_id == it.organisation)
        });
        let person =
            |post: &Arc<Post>| self.records.person(&post.row.person).unwrap_or(post.row.id);
        Part { each: held.map(person).collect(), ..Part::default() }
    }

    pub(super) fn fte(&self, it: &Participant) -> Part {
        let places = it.posts.iter().flat_map(|post| post.places_at(self.day()));
        let here = places.filter(|place| place.organisation_id == it.organisation);
        Part { number: here.map(|place| place.fte).sum(), ..Part::default() }
    }

    /// Of the persons who took up their first post here 12 months before, who is in any
    /// post now.
    pub(super) fn retention(&self, it: &Participant) -> Part {
        let started = it.posts.iter().filter(|post| {
            let first = self.records.first_post(&post.row.person);
            let here = post.places.first().is_some_and(|at| at.organisation_id == it.organisation);
            here && first == Some(post.row.id)
                && Month::of(post.row.started_on).plus(12) == self.month
        });
        let stays = |post: &&Arc<Post>| {
            let later = post.row.started_on.checked_add_months(Months::new(12));
            later.is_some_and(|day| self.records.in_post(&post.row.person, day))
        };
        // The last of them has to have had the time.
        if self.month.last_day() > self.today {
            return Part::default();
        }
        share(started.clone().filter(stays).count(), started.count())
    }

    pub(super) fn accredited(&self, it: &Participant) -> Part {
        let day = self.day();
        let held = it.posts.iter().filter(|post| {
            post.places_at(day).any(|place| place.organisation_id == it.organisation)
        });
        let has_award = |post: &&Arc<Post>| {
            post.row.learner_id.is_some_and(|learner| {
                let mut all = self.records.of_learner(learner);
                all.any(|each| each.award.as_ref().is_some_and(|award| award.awarded_on <= day))
            })
        };
        share(held.clone().filter(has_award).count(), held.count())
    }
}
