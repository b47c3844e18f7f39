//! What must be true of a cohort, whether it is opened or changed.

use chrono::{Datelike, NaiveDate};
use entity::{
    cohort::CohortKind,
    competency_framework::{Column, Entity},
    job_description::State,
    organisation::Kind,
    organisation_fact::Status,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    domain::{
        error::{Failure, ProblemCode, Problems},
        organisations::{OrganisationBy, resolve},
        turn::Turn,
    },
    ids::OrganisationId,
};

const MOST_PLACES: i32 = 10_000;

/// A provider that is at work today.
pub(super) fn provider(
    turn: &Turn,
    by: &OrganisationBy,
    problems: &mut Problems,
) -> Option<OrganisationId> {
    let found = resolve(turn.directory(), by, turn.today());
    let found = found.filter(|found| found.kind() == Kind::Provider);
    let open = found.filter(|found| found.status_at(turn.today()) == Some(Status::Active));
    if open.is_none() {
        let sentence = "name one of those that providers lists";
        problems.add("input.provider", ProblemCode::NotFound, sentence);
    }
    open.map(|found| found.id())
}

/// A published version of the framework: that one, or the newest.
pub(super) async fn framework(
    turn: &Turn,
    wanted: Option<i64>,
    problems: &mut Problems,
) -> Result<Option<i64>, Failure> {
    let mut published = Entity::find().filter(Column::State.eq(State::Published));
    if let Some(id) = wanted {
        published = published.filter(Column::Id.eq(id));
    }
    let newest = published
        .order_by_desc(Column::Major)
        .order_by_desc(Column::Minor)
        .order_by_desc(Column::Patch);
    let found = newest.one(turn.connection()).await?.map(|row| row.id);
    if found.is_none() {
        let sentence = match wanted {
            Some(_) => "name a version of the competency framework that is published",
            None => "no version of the competency framework is published yet",
        };
        problems.add("input.framework", ProblemCode::NotFound, sentence);
    }
    Ok(found)
}

pub(super) fn dates(
    kind: CohortKind,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    problems: &mut Problems,
) {
    if kind == CohortKind::Rolling && starts_on.day() != 1 {
        let sentence = "a rolling cohort starts on the first of a month";
        problems.add("input.startsOn", ProblemCode::OutOfRange, sentence);
    }
    if ends_on <= starts_on {
        let sentence = "it ends after it starts: 9 months later is usual";
        problems.add("input.endsOn", ProblemCode::OutOfRange, sentence);
    }
}

/// `taken` is how many are taken already.
pub(super) fn places(places: i32, taken: i32, problems: &mut Problems) {
    if !(1..=MOST_PLACES).contains(&places) {
        let sentence = format!("a cohort has 1 to {MOST_PLACES} places");
        problems.add("input.places", ProblemCode::OutOfRange, sentence);
    } else if places < taken {
        let sentence = format!("{taken} of its places are taken: it cannot have fewer");
        problems.add("input.places", ProblemCode::Contradiction, sentence);
    }
}
