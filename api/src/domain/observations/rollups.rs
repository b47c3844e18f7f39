//! The sums kept for every place and month: what an observation adds to them, and what
//! it takes away when it is followed by another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    metric_version::Aggregation,
    observation::{self, State, Status},
    organisation::Kind,
    rollup::{self, Basis},
};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};

use super::{entry::Figures, places::places};
use crate::{
    domain::{
        bulk::{Bulk, Cell, Column, Holds},
        directory::organisation::Organisation,
        metrics::catalogue::Definition,
    },
    ids::{Month, OrganisationId},
};

/// What a sum is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::domain) struct Key {
    pub series: i64,
    pub place: OrganisationId,
    pub month: Month,
    pub status: Status,
    pub own: bool,
}

/// What a number of observations come to together; amounts in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::domain) struct Sums {
    pub reported: i32,
    pub nil: i32,
    pub not_applicable: i32,
    pub value: i64,
    pub numerator: i64,
    pub denominator: i64,
}

impl Sums {
    pub(in crate::domain) fn of(row: &observation::Model) -> Self {
        Self::from(&Figures::of(row))
    }

    pub(in crate::domain) fn add(&mut self, other: &Self) {
        self.reported += other.reported;
        self.nil += other.nil;
        self.not_applicable += other.not_applicable;
        self.value += other.value;
        self.numerator += other.numerator;
        self.denominator += other.denominator;
    }

    pub(in crate::domain) fn negated(&self) -> Self {
        Self {
            reported: -self.reported,
            nil: -self.nil,
            not_applicable: -self.not_applicable,
            value: -self.value,
            numerator: -self.numerator,
            denominator: -self.denominator,
        }
    }

    pub(in crate::domain) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&Figures> for Sums {
    fn from(figures: &Figures) -> Self {
        let count = |states: &[State]| i32::from(states.contains(&figures.state));
        Self {
            reported: count(&[State::Value, State::Nil]),
            nil: count(&[State::Nil]),
            not_applicable: count(&[State::NotApplicable]),
            value: figures.value.unwrap_or(0),
            numerator: figures.numerator.unwrap_or(0),
            denominator: figures.denominator.unwrap_or(0),
        }
    }
}

impl From<&rollup::Model> for Sums {
    fn from(row: &rollup::Model) -> Self {
        Self {
            reported: row.reported,
            nil: row.nil,
            not_applicable: row.not_applicable,
            value: row.value,
            numerator: row.numerator,
            denominator: row.denominator,
        }
    }
}

impl Key {
    pub(in crate::domain) fn of(row: &rollup::Model) -> Option<Self> {
        Some(Self {
            series: row.series_id,
            place: row.place_id,
            month: Month::read(row.month)?,
            status: row.status,
            own: row.basis == Basis::Own,
        })
    }
}

/// Whether figures of organisations are added up for the places above them. A distinct
/// count is made again from its persons instead, and a median is not made at all.
pub(in crate::domain) fn adds_up(definition: &Definition) -> bool {
    match definition.row.aggregation {
        Aggregation::Sum | Aggregation::RatioOfSums | Aggregation::WeightedMean => true,
        Aggregation::DistinctCount | Aggregation::MedianOfRecords => false,
    }
}

/// Changes to sums, gathered before they are written.
#[derive(Debug, Default)]
pub(super) struct Changes(pub HashMap<Key, Sums>);

impl Changes {
    /// Adds what one observation comes to, wherever it counts.
    pub(super) fn add(
        &mut self,
        definition: &Definition,
        organisation: &Organisation,
        (month, status): (Month, Status),
        england: Option<OrganisationId>,
        sums: &Sums,
    ) {
        let series = definition.row.series_id;
        if organisation.kind() != definition.row.subject_level {
            let place = organisation.id();
            self.change(Key { series, place, month, status, own: true }, sums);
        } else if adds_up(definition) {
            for place in places(organisation, month, england) {
                self.change(Key { series, place, month, status, own: false }, sums);
            }
        }
    }

    pub(super) fn change(&mut self, key: Key, sums: &Sums) {
        self.0.entry(key).or_default().add(sums);
    }

    /// Writes the changes onto the sums that are kept.
    pub(super) async fn write(
        self,
        connection: &impl ConnectionTrait,
        at: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let mut rows: Vec<_> = self.0.into_iter().filter(|(_, sums)| !sums.is_nothing()).collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        let backend = connection.get_database_backend();
        let same = vec![(("recorded_at", Holds::Moment), at.into())];
        let mut bulk = Bulk::new(backend, "rollup", COLUMNS, same, ADDED);
        for (key, sums) in &rows {
            let row = row(*key, sums, at);
            let (status, basis) = (row.status.to_value(), row.basis.to_value());
            let cells = [
                Cell::Number(row.series_id),
                Cell::Number(row.place_id),
                Cell::Number(row.month.into()),
                Cell::Text(&status),
                Cell::Text(&basis),
                Cell::Number(row.reported.into()),
                Cell::Number(row.nil.into()),
                Cell::Number(row.not_applicable.into()),
                Cell::Number(row.value),
                Cell::Number(row.numerator),
                Cell::Number(row.denominator),
            ];
            bulk.add(connection, &cells).await?;
        }
        bulk.write(connection).await
    }
}

pub(super) fn row(key: Key, sums: &Sums, recorded_at: DateTime<Utc>) -> rollup::Model {
    rollup::Model {
        series_id: key.series,
        place_id: key.place,
        month: key.month.stored(),
        status: key.status,
        basis: if key.own { Basis::Own } else { Basis::Within },
        reported: sums.reported,
        nil: sums.nil,
        not_applicable: sums.not_applicable,
        value: sums.value,
        numerator: sums.numerator,
        denominator: sums.denominator,
        recorded_at,
    }
}

const COLUMNS: &[Column] = &[
    ("series_id", Holds::Number),
    ("place_id", Holds::Number),
    ("month", Holds::Small),
    ("status", Holds::Text),
    ("basis", Holds::Text),
    ("reported", Holds::Small),
    ("nil", Holds::Small),
    ("not_applicable", Holds::Small),
    ("value", Holds::Number),
    ("numerator", Holds::Number),
    ("denominator", Holds::Number),
];

/// What is there already is added to.
const ADDED: &str = "ON CONFLICT (series_id, place_id, month, status, basis) DO UPDATE SET \
                     reported = rollup.reported + excluded.reported, \
                     nil = rollup.nil + excluded.nil, \
                     not_applicable = rollup.not_applicable + excluded.not_applicable, \
                     value = rollup.value + excluded.value, \
                     numerator = rollup.numerator + excluded.numerator, \
                     denominator = rollup.denominator + excluded.denominator, \
                     recorded_at = excluded.recorded_at";

/// Whether an organisation of that kind can be observed of a metric: at the level that
/// it is defined for, or above.
pub(in crate::domain) fn observable(definition: &Definition, kind: Kind) -> bool {
    let level = definition.row.subject_level;
    let above: &[Kind] = match level {
        Kind::Site => {
            &[Kind::Pcn, Kind::SubIcb, Kind::Icb, Kind::TrainingHub, Kind::Region, Kind::Programme]
        }
        Kind::Pcn => &[Kind::SubIcb, Kind::Icb, Kind::TrainingHub, Kind::Region, Kind::Programme],
        Kind::SubIcb => &[Kind::Icb, Kind::TrainingHub, Kind::Region, Kind::Programme],
        Kind::Icb => &[Kind::TrainingHub, Kind::Region, Kind::Programme],
        Kind::TrainingHub => &[Kind::Region, Kind::Programme],
        Kind::Region => &[Kind::Programme],
        Kind::Programme | Kind::Provider => &[],
    };
    kind == level || above.contains(&kind)
}
