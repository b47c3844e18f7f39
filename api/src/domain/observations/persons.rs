//! Counting persons again at every level: somebody who works in two networks is one
//! person of their region.

use std::collections::{HashMap, HashSet};

use entity::{
    counted_person::{self, Column},
    observation::{self, State, Status},
    rollup::{self, Basis},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder,
};

use super::{
    latest::{Latest, read},
    places::places,
    rollups::{Key, Sums, row},
};
use crate::{
    domain::{
        amount::Amount,
        directory::organisation::Organisation,
        metrics::england,
        turn::{Turn, VALUES},
    },
    ids::{Month, OrganisationId},
};

/// The persons that each observation counted, in order.
pub(in crate::domain) type Counted = HashMap<i64, Vec<String>>;

pub(in crate::domain) async fn of(
    connection: &impl ConnectionTrait,
    observations: impl IntoIterator<Item = i64>,
) -> Result<Counted, DbErr> {
    let ids: Vec<i64> = observations.into_iter().collect();
    let mut counted = Counted::new();
    for ids in ids.chunks(VALUES) {
        let rows = counted_person::Entity::find()
            .filter(Column::ObservationId.is_in(ids.iter().copied()))
            .order_by_asc(Column::ObservationId)
            .order_by_asc(Column::Person);
        for row in rows.all(connection).await? {
            counted.entry(row.observation_id).or_default().push(row.person);
        }
    }
    Ok(counted)
}

/// Counts anew what is within every place of a series in a month, wherever organisations
/// sat then by `find`, and puts it in the place of what was counted before.
pub(super) async fn recount<'a>(
    turn: &Turn,
    (series, month): (i64, Month),
    find: impl Fn(OrganisationId) -> Option<&'a Organisation>,
) -> Result<(), DbErr> {
    let connection = turn.connection();
    let wanted =
        Latest { series: Some(&[series]), months: Some((month, month)), ..Latest::default() };
    let Some(definition) = turn.catalogue().of_series(series) else { return Ok(()) };
    let mut observed = read(connection, &wanted).await?;
    observed.retain(|row| {
        find(row.organisation_id).is_some_and(|o| o.kind() == definition.row.subject_level)
    });
    let counted = of(connection, observed.iter().map(|row| row.id)).await?;
    let england = england(turn.directory());
    let places =
        |id| find(id).map(|found| places(found, month, england).collect()).unwrap_or_default();
    let sums = distinct(&observed, &counted, (series, month), places);
    rollup::Entity::delete_many()
        .filter(rollup::Column::SeriesId.eq(series))
        .filter(rollup::Column::Month.eq(month.stored()))
        .filter(rollup::Column::Basis.eq(Basis::Within))
        .exec(connection)
        .await?;
    let rows: Vec<_> = sums.iter().map(|(key, sums)| row(*key, sums, turn.at())).collect();
    for rows in rows.chunks(VALUES / rollup::Column::iter().count()) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        rollup::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// What is seen of one place.
#[derive(Default)]
struct Seen<'a> {
    persons: HashSet<&'a str>,
    sums: Sums,
}

/// Distinct persons of a series in a month by place and status. The sums of all statuses
/// from one on make the distinct count of the observations that are at least so settled.
/// A number whose persons are not known keeps its own level: nothing above counts it.
pub(in crate::domain) fn distinct(
    observed: &[observation::Model],
    counted: &Counted,
    (series, month): (i64, Month),
    places: impl Fn(OrganisationId) -> Vec<OrganisationId>,
) -> HashMap<Key, Sums> {
    let mut seen: HashMap<OrganisationId, Seen<'_>> = HashMap::new();
    let mut sums = HashMap::new();
    let mut settled: Vec<Status> = Status::iter().collect();
    settled.sort_unstable();
    for status in settled.into_iter().rev() {
        for row in observed.iter().filter(|row| row.status == status) {
            let persons = counted.get(&row.id).map_or(&[][..], Vec::as_slice);
            if row.state == State::Value && row.value != Some(0) && persons.is_empty() {
                continue;
            }
            for place in places(row.organisation_id) {
                let at = seen.entry(place).or_default();
                let before = at.persons.len();
                at.persons.extend(persons.iter().map(String::as_str));
                let more = i64::try_from(at.persons.len() - before).unwrap_or(i64::MAX);
                at.sums.add(&Sums { value: Amount::whole(more).0, ..Sums::of(row) });
            }
        }
        for (place, at) in &mut seen {
            let of_status = std::mem::take(&mut at.sums);
            if !of_status.is_nothing() {
                sums.insert(Key { series, place: *place, month, status, own: false }, of_status);
            }
        }
    }
    sums
}
