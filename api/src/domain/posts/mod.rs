//! General Practice Assistants in post: who employs them, where they work and how much,
//! from their first day to their last.

pub mod end;
pub mod list;
pub mod relocate;
pub mod start;

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    change::{ChangeType, NodeType},
    organisation::Kind,
    organisation_fact::Status,
    post_place,
};

use super::{
    amount::Amount,
    directory::organisation::Organisation,
    error::{Declined, Failure, ProblemCode, Problems},
    organisations::{OrganisationBy, resolve},
    records::{Post, reach::Within},
    turn::{Said, Turn},
};
use crate::{auth::action::Action, ids::OrganisationId};

/// Hours of a full-time week.
pub const FULL_TIME: f64 = 37.5;

/// As many places as one post can be held at.
const PLACES: usize = 10;

/// Where a post is held, and for how many hours a week.
#[derive(Debug, Clone)]
pub struct Place {
    pub at: OrganisationBy,
    pub hours: Amount,
}

/// A place that was found.
struct Found {
    organisation: Arc<Organisation>,
    fte: i64,
}

/// The post, if it is there, the caller may see and change it, and has read this version.
fn open(turn: &Turn, id: i64, expected: i32) -> Result<Arc<Post>, Declined> {
    let (directory, records) = (turn.directory(), turn.records());
    let post = records.post(id).ok_or(Failure::NotFound)?;
    turn.permits(Action::ReadPosts, |reach| {
        Within::new(turn.viewer(), directory, records, reach).post(post)
    })?;
    if post.row.version != expected {
        turn.see_before();
        return Err(Declined::VersionConflict(id));
    }
    Ok(post.clone())
}

/// Finds where a post is to be held from a day on: each within the caller's reach.
fn find_places(
    turn: &Turn,
    places: &[Place],
    from: NaiveDate,
    problems: &mut Problems,
) -> Result<Vec<Found>, Failure> {
    if places.is_empty() || places.len() > PLACES {
        let sentence = format!("a post is held at 1 to {PLACES} places");
        problems.add("input.places", ProblemCode::OutOfRange, sentence);
        return Ok(Vec::new());
    }
    let mut found: Vec<Found> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let path = format!("input.places[{index}]");
        let organisation = resolve(turn.directory(), &place.at, from).ok_or(Failure::NotFound)?;
        let reach = turn.permit().reach();
        if !turn.directory().covers(&reach, organisation, turn.today()) {
            let sentence = "one of the places lies outside your organisation's reach";
            return Err(Failure::Forbidden(sentence.to_owned()));
        }
        check_place(organisation, from, &path, problems);
        if found.iter().any(|other| other.organisation.id() == organisation.id()) {
            let sentence = "the place is named twice: add its hours up";
            problems.add(path.clone(), ProblemCode::AlreadyExists, sentence);
        }
        let fte = full_time_equivalents(place.hours).0;
        if fte <= 0 || place.hours.number() > 2.0 * FULL_TIME {
            let sentence = "send hours a week: more than 0, at most 75";
            problems.add(format!("{path}.hours"), ProblemCode::OutOfRange, sentence);
        }
        found.push(Found { organisation: organisation.clone(), fte });
    }
    Ok(found)
}

/// What a week of so many hours is of a full one, of 37.5: to the nearest millionth.
fn full_time_equivalents(hours: Amount) -> Amount {
    Amount(hours.0.saturating_mul(2).saturating_add(37) / 75)
}

fn check_place(organisation: &Organisation, from: NaiveDate, path: &str, problems: &mut Problems) {
    let (fits, sentence) = match organisation.kind() {
        Kind::Site => {
            (organisation.eligible_at(from), "it was no active GP practice in England on that day")
        }
        Kind::Pcn => (
            organisation.status_at(from) == Some(Status::Active),
            "the network was not active on that day",
        ),
        _ => (false, "a post is held at a site or a primary care network"),
    };
    if !fits {
        problems.add(path.to_owned(), ProblemCode::WrongKind, sentence);
    }
}

fn rows(turn: &mut Turn, post: i64, places: &[Found], from: NaiveDate) -> Vec<post_place::Model> {
    let row = |place: &Found| post_place::Model {
        id: turn.next_row_id(),
        post_id: post,
        organisation_id: place.organisation.id(),
        fte: place.fte,
        valid_from: from,
        valid_to: None,
    };
    places.iter().map(row).collect()
}

/// Says it of every place that it concerns.
fn say(
    turn: &mut Turn,
    change_type: ChangeType,
    post: i64,
    places: impl IntoIterator<Item = OrganisationId>,
    on: NaiveDate,
    after: &str,
) {
    for organisation_id in places {
        turn.say(Said {
            organisation_id,
            change_type,
            effective_on: Some(on),
            before: None,
            after: Some(after.to_owned()),
            node: Some((NodeType::Post, post)),
        });
    }
}

/// Such as `0.80 FTE`.
fn in_words(places: &[Found]) -> String {
    let fte = Amount(places.iter().map(|place| place.fte).sum());
    format!("{:.2} FTE", fte.number())
}

/// The organisations of places.
fn whose(places: &[Found]) -> Vec<OrganisationId> {
    places.iter().map(|place| place.organisation.id()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_hours_are_a_part_of_a_full_week() {
        for (hours, fte) in [
            (37.5, 1_000_000),
            (75.0, 2_000_000),
            (20.0, 533_333),
            (22.5, 600_000),
            (0.25, 6_667),
            (0.0, 0),
        ] {
            assert_eq!(full_time_equivalents(Amount::of(hours).unwrap()), Amount(fte), "{hours}");
        }
    }
}
