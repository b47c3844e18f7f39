//! One post with the places where it is held.

use chrono::NaiveDate;
use entity::{post, post_place};

use crate::{
    domain::{amount::Amount, timeline::within},
    ids::OrganisationId,
};

/// A post and its places, in the order of their days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub row: post::Model,
    pub places: Vec<post_place::Model>,
}

impl Post {
    pub(super) fn put_in_order(&mut self) {
        self.places.sort_unstable_by_key(|row| (row.valid_from, row.id));
        self.places.shrink_to_fit();
    }

    /// Where it is held on a day.
    pub fn places_at(&self, day: NaiveDate) -> impl Iterator<Item = &post_place::Model> {
        self.places.iter().filter(move |place| within(day, place.valid_from, place.valid_to))
    }

    /// Full-time equivalents in all on a day.
    pub fn fte_at(&self, day: NaiveDate) -> Amount {
        Amount(self.places_at(day).map(|place| place.fte).sum())
    }

    /// Where it is held today or, once it has ended, was held last.
    pub fn organisations(&self) -> impl Iterator<Item = OrganisationId> {
        let last = self.places.iter().map(|place| place.valid_to.unwrap_or(NaiveDate::MAX)).max();
        let at_last = self
            .places
            .iter()
            .filter(move |place| Some(place.valid_to.unwrap_or(NaiveDate::MAX)) == last);
        at_last.map(|place| place.organisation_id)
    }
}
