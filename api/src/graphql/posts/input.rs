//! How clients say where a post is held, and narrow lists of posts.

use async_graphql::{ID, InputObject};

use super::enums::PostFunding;
use crate::{
    domain::{
        amount::Amount,
        posts::{Place, list},
    },
    graphql::{error::Result, ids, organisations::by::OrganisationBy, refusal::Refusal},
};

/// Where a post is held, and for how many hours.
#[derive(InputObject, Debug)]
pub struct PostPlaceInput {
    /// The site or the primary care network.
    at: OrganisationBy,
    /// Hours a week; 37.5 are full time.
    hours: f64,
}

/// Which posts a list shows: those that pass everything that is sent.
#[derive(InputObject, Default)]
pub struct PostFilter {
    /// Held there, or within; of ended posts, where they were held last.
    within: Option<OrganisationBy>,
    /// Whether they are held today.
    active: Option<bool>,
    /// Paid for by these.
    funding: Option<PostFunding>,
    /// Of this learner.
    learner: Option<ID>,
}

pub fn places(places: Vec<PostPlaceInput>) -> Result<Vec<Place>> {
    let place = |place: PostPlaceInput| {
        let hours = Amount::of(place.hours);
        let hours = hours.map_err(|error| Refusal::bad_request(error.sentence()))?;
        Ok(Place { at: place.at.read()?, hours })
    };
    places.into_iter().map(place).collect()
}

impl PostFilter {
    pub fn read(self) -> Result<list::PostFilter> {
        Ok(list::PostFilter {
            within: self.within.map(OrganisationBy::read).transpose()?,
            active: self.active,
            funding: self.funding.map(Into::into),
            learner: self.learner.map(|id| ids::read_as(&id, "Learner")).transpose()?,
        })
    }
}
