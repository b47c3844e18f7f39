//! Who belongs to whom: which memberships there can be, and how one follows another.

pub mod change;
pub mod correct;

use chrono::NaiveDate;
use entity::{
    membership::{self, Scheme},
    organisation::{Kind, Source},
};

use super::{
    directory::{Directory, organisation::Organisation},
    error::ProblemCode,
    organisations::{OrganisationBy, in_words, resolve},
    viewer::Viewer,
};
use crate::ids::OrganisationId;

/// The scheme in which a child of one kind can belong to a parent of another.
pub fn scheme_of(child: Kind, parent: Kind) -> Option<Scheme> {
    match (child, parent) {
        (Kind::Site, Kind::Pcn | Kind::SubIcb)
        | (Kind::Pcn, Kind::SubIcb)
        | (Kind::SubIcb, Kind::Icb)
        | (Kind::Icb, Kind::Region) => Some(Scheme::Commissioning),
        (Kind::Site | Kind::Icb, Kind::TrainingHub) | (Kind::TrainingHub, Kind::Region) => {
            Some(Scheme::Training)
        }
        _ => None,
    }
}

/// The seat of a child of one kind under the organisation so named, if there is such
/// an organisation, open for all of that time, and the child can belong to it.
pub(super) fn seat(
    directory: &Directory,
    child: Kind,
    by: &OrganisationBy,
    (from, until): (NaiveDate, Option<NaiveDate>),
    source: Source,
) -> Result<Seat, (ProblemCode, String)> {
    let parent = resolve(directory, by, from)
        .ok_or((ProblemCode::NotFound, "there is no such organisation".to_owned()))?;
    let level = parent.kind();
    let scheme = scheme_of(child, level).ok_or_else(|| {
        let words = format!("{} cannot belong to {}", in_words(child), in_words(level));
        (ProblemCode::WrongKind, words)
    })?;
    let (opened, closed) = parent.lifetime();
    let outlives = |closed: NaiveDate| until.is_none_or(|until| until > closed);
    if from < opened || closed.is_some_and(outlives) {
        let to = closed.map_or("now on".to_owned(), |closed| closed.to_string());
        let sentence = format!("it is open from {opened} to {to}, which is not all of that time");
        return Err((ProblemCode::OutOfRange, sentence));
    }
    Ok(Seat { scheme, level, parent: parent.id(), source })
}

/// A place to take: in which scheme, at which level, under whom, and who says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    pub scheme: Scheme,
    pub level: Kind,
    pub parent: OrganisationId,
    pub source: Source,
}

/// Lets `organisation` take a seat from a day on, until a membership that begins later
/// or its closure: whatever it held on that day ends there. `id` is the new row's.
pub(super) fn take(organisation: &mut Organisation, id: i64, seat: Seat, from: NaiveDate) {
    leave(organisation, seat.scheme, seat.level, from);
    let next = rivals(organisation, seat).map(|row| row.valid_from).filter(|day| *day > from).min();
    let next = [next, organisation.lifetime().1].into_iter().flatten().min();
    // Where the membership before is the same one, it goes on instead.
    let before = organisation.memberships.iter_mut().find(|row| {
        row.scheme == seat.scheme
            && row.level == seat.level
            && row.parent_id == seat.parent
            && row.valid_to == Some(from)
    });
    if let Some(before) = before {
        before.valid_to = next;
        return;
    }
    organisation.memberships.push(membership::Model {
        id,
        child_id: organisation.id(),
        parent_id: seat.parent,
        scheme: seat.scheme,
        level: seat.level,
        valid_from: from,
        valid_to: next,
        source: seat.source,
    });
    sort(organisation);
}

/// Ends whatever `organisation` holds of a scheme and level on that day.
pub(super) fn leave(organisation: &mut Organisation, scheme: Scheme, level: Kind, day: NaiveDate) {
    let held = organisation.membership_at(scheme, level, day).map(|held| held.id);
    organisation.memberships.retain_mut(|row| {
        if Some(row.id) != held {
            return true;
        }
        row.valid_to = Some(day);
        row.valid_from < day
    });
}

/// The order in which the directory keeps memberships.
pub(super) fn sort(organisation: &mut Organisation) {
    organisation.memberships.sort_by_key(|row| (row.scheme, row.level, row.valid_from));
}

/// The memberships that a seat competes with.
fn rivals(organisation: &Organisation, seat: Seat) -> impl Iterator<Item = &membership::Model> {
    organisation
        .memberships
        .iter()
        .filter(move |row| row.scheme == seat.scheme && row.level == seat.level)
}

/// The memberships of an organisation in one scheme, or in all.
pub fn of(
    organisation: &Organisation,
    scheme: Option<Scheme>,
) -> impl Iterator<Item = &membership::Model> {
    let memberships = organisation.memberships.iter();
    memberships.filter(move |row| scheme.is_none_or(|scheme| row.scheme == scheme))
}

/// The membership of that id, if the viewer may see whose it is.
pub fn find(viewer: &Viewer, id: i64) -> Option<membership::Model> {
    let found = viewer.directory().membership(id).cloned()?;
    viewer.organisation(found.child_id).map(|_| found)
}
