//! Recording figures in a turn: new revisions of what differs, and the sums that follow.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    change::ChangeType,
    metric_version::Aggregation,
    observation::{self, Source, State, Status},
};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};

use super::{
    entry::{Entry, Figures},
    known::{Known, known},
    named::Named,
    persons,
    rollups::{Changes, Sums, adds_up},
};
use crate::{
    domain::{
        bulk::{Bulk, Cell, Column, Holds},
        error::Problems,
        metrics::{catalogue::Catalogue, england},
        turn::{Said, Turn},
    },
    ids::{Month, OrganisationId},
};

/// What an observation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) struct Provenance {
    pub status: Status,
    pub source: Source,
    pub return_id: Option<i64>,
    pub import_id: Option<i64>,
}

/// What became of one entry, with the id of the observation that now holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum Became {
    Created(i64),
    /// A new revision follows an earlier one.
    Changed(i64),
    /// It was recorded so already.
    Same(i64),
    /// There was nothing to take back.
    Nothing,
}

/// One thing to record, with the explanation that goes with it.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct Item<'a> {
    pub entry: &'a Entry,
    pub note: Option<&'a str>,
    pub provenance: Provenance,
}

/// Records entries that were judged before, each with the explanation that goes with it;
/// what cannot be recorded, such as a value out of its range, must not be among them.
pub(in crate::domain) async fn record(
    turn: &mut Turn,
    entries: &[Entry],
    notes: &[Option<String>],
    provenance: Provenance,
) -> Result<Vec<Became>, DbErr> {
    let known = known(turn, entries).await?;
    record_after(turn, known, entries, notes, provenance).await
}

/// As [`record`], where what holds of them was looked up in the same turn already.
pub(super) async fn record_after(
    turn: &mut Turn,
    known: Known,
    entries: &[Entry],
    notes: &[Option<String>],
    provenance: Provenance,
) -> Result<Vec<Became>, DbErr> {
    let about = entries.first().map(|entry| entry.organisation.id());
    let one = entries.iter().all(|entry| Some(entry.organisation.id()) == about);
    let mut recorder = Recorder::begin(turn, about.filter(|_| one)).await?;
    let mut items = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let note = notes.get(index).and_then(Option::as_deref);
        items.push(Item { entry, note, provenance });
    }
    let outcomes = recorder.add(turn, known, &items).await?;
    recorder.finish(turn).await?;
    Ok(outcomes)
}

/// Whether these figures, from these persons, are what an observation holds already.
pub(in crate::domain) fn is_same(
    before: &observation::Model,
    counted: &persons::Counted,
    (figures, persons, status): (&Figures, &[String], Status),
) -> bool {
    Figures::of(before) == *figures
        && before.status == status
        && counted.get(&before.id).map_or(&[][..], Vec::as_slice) == sorted(persons)
}

/// The persons of those of the observations that counted any.
pub(in crate::domain) async fn counted(
    catalogue: &Catalogue,
    connection: &impl ConnectionTrait,
    known: &Known,
) -> Result<persons::Counted, DbErr> {
    let counts = |series| {
        let definition = catalogue.of_series(series);
        definition.is_none_or(|each| each.row.aggregation == Aggregation::DistinctCount)
    };
    let ids = known.values().filter(|row| counts(row.series_id)).map(|row| row.id);
    persons::of(connection, ids).await
}

pub(in crate::domain) fn sorted(persons: &[String]) -> Vec<String> {
    let mut sorted = persons.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// Records batch after batch within one turn, so that there may be millions.
pub(in crate::domain) struct Recorder {
    audit_id: i64,
    england: Option<OrganisationId>,
    rows: Option<(Provenance, Bulk)>,
    /// Whom the observations counted, which is written after them.
    persons: Vec<(i64, String)>,
    changes: Changes,
    /// Distinct counts to be made again.
    recounts: BTreeSet<(i64, Month)>,
    /// What is said of each organisation: which metrics, of which months.
    said: BTreeMap<OrganisationId, Named>,
}

const ROWS: &[Column] = &[
    ("id", Holds::Number),
    ("series_id", Holds::Number),
    ("version_id", Holds::Number),
    ("organisation_id", Holds::Number),
    ("month", Holds::Small),
    ("revision", Holds::Small),
    ("state", Holds::Text),
    ("value", Holds::Number),
    ("numerator", Holds::Number),
    ("denominator", Holds::Number),
    ("note", Holds::Text),
];
const PERSONS: &[Column] = &[("observation_id", Holds::Number), ("person", Holds::Text)];

impl Recorder {
    /// `about` is the one organisation that all of it is about, if it is one.
    pub(in crate::domain) async fn begin(
        turn: &mut Turn,
        about: Option<OrganisationId>,
    ) -> Result<Self, DbErr> {
        let audit_id = turn.audit(about).await?;
        Ok(Self {
            audit_id,
            england: england(turn.directory()),
            rows: None,
            persons: Vec::new(),
            changes: Changes::default(),
            recounts: BTreeSet::new(),
            said: BTreeMap::new(),
        })
    }

    /// Records more; `known` is what holds of what they speak of.
    pub(in crate::domain) async fn add(
        &mut self,
        turn: &mut Turn,
        mut known: Known,
        items: &[Item<'_>],
    ) -> Result<Vec<Became>, DbErr> {
        let counted = counted(turn.catalogue(), turn.connection(), &known).await?;
        let mut outcomes = Vec::with_capacity(items.len());
        for &Item { entry, note, provenance } in items {
            let Some(figures) = entry.figures(&mut Problems::default()) else {
                outcomes.push(Became::Nothing);
                continue;
            };
            let before = known.get(&entry.figure());
            let now = (&figures, &*entry.persons, provenance.status);
            if let Some(row) = before.filter(|row| is_same(row, &counted, now)) {
                outcomes.push(Became::Same(row.id));
                continue;
            }
            let gone = before.is_none_or(|row| row.state == State::Withdrawn);
            if gone && figures.state == State::Withdrawn {
                outcomes.push(Became::Nothing);
                continue;
            }
            let row = self.revision(turn, entry, (before, figures), note, provenance);
            outcomes.push(if gone { Became::Created(row.id) } else { Became::Changed(row.id) });
            self.follow(entry, before, &row);
            self.write(turn, &row, &entry.persons, provenance).await?;
            known.insert(entry.figure(), row);
        }
        Ok(outcomes)
    }

    fn revision(
        &self,
        turn: &mut Turn,
        entry: &Entry,
        (before, figures): (Option<&observation::Model>, Figures),
        note: Option<&str>,
        provenance: Provenance,
    ) -> observation::Model {
        observation::Model {
            id: turn.next_row_id(),
            series_id: entry.definition.row.series_id,
            version_id: entry.definition.row.id,
            organisation_id: entry.organisation.id(),
            month: entry.month.stored(),
            revision: before.map_or(1, |row| row.revision + 1),
            state: figures.state,
            value: figures.value,
            numerator: figures.numerator,
            denominator: figures.denominator,
            status: provenance.status,
            source: provenance.source,
            recorded_at: turn.at(),
            audit_id: self.audit_id,
            return_id: provenance.return_id,
            import_id: provenance.import_id,
            note: note.map(str::to_owned),
        }
    }

    /// What a new revision changes besides itself.
    fn follow(
        &mut self,
        entry: &Entry,
        before: Option<&observation::Model>,
        after: &observation::Model,
    ) {
        let (definition, organisation) = (&*entry.definition, &*entry.organisation);
        if let Some(before) = before {
            let sums = Sums::of(before).negated();
            let place = (entry.month, before.status);
            self.changes.add(definition, organisation, place, self.england, &sums);
        }
        let place = (entry.month, after.status);
        self.changes.add(definition, organisation, place, self.england, &Sums::of(after));
        let is_below = organisation.kind() == definition.row.subject_level;
        if is_below && !adds_up(definition) {
            self.recounts.insert((definition.row.series_id, entry.month));
        }
        self.said.entry(organisation.id()).or_default().add(entry.month, &definition.row.code);
    }

    async fn write(
        &mut self,
        turn: &Turn,
        row: &observation::Model,
        persons: &[String],
        provenance: Provenance,
    ) -> Result<(), DbErr> {
        let connection = turn.connection();
        let state = row.state.to_value();
        let cells = [
            Cell::Number(row.id),
            Cell::Number(row.series_id),
            Cell::Number(row.version_id),
            Cell::Number(row.organisation_id),
            Cell::Number(row.month.into()),
            Cell::Number(row.revision.into()),
            Cell::Text(&state),
            row.value.into(),
            row.numerator.into(),
            row.denominator.into(),
            row.note.as_deref().into(),
        ];
        if let Some((earlier, bulk)) = &mut self.rows
            && *earlier != provenance
        {
            bulk.write(connection).await?;
            self.rows = None;
        }
        let (_, bulk) =
            self.rows.get_or_insert_with(|| (provenance, bulk(turn, self.audit_id, provenance)));
        bulk.add(connection, &cells).await?;
        self.persons.extend(sorted(persons).into_iter().map(|person| (row.id, person)));
        Ok(())
    }

    /// Writes what is left, and the sums that follow from all of it.
    pub(in crate::domain) async fn finish(mut self, turn: &mut Turn) -> Result<(), DbErr> {
        if let Some((_, bulk)) = &mut self.rows {
            bulk.write(turn.connection()).await?;
        }
        let backend = turn.connection().get_database_backend();
        let mut bulk = Bulk::new(backend, "counted_person", PERSONS, Vec::new(), "");
        for (observation, person) in &self.persons {
            let cells = [Cell::Number(*observation), Cell::Text(person)];
            bulk.add(turn.connection(), &cells).await?;
        }
        bulk.write(turn.connection()).await?;
        self.changes.write(turn.connection(), turn.at()).await?;
        for (series, month) in self.recounts {
            let directory = turn.directory().clone();
            persons::recount(turn, (series, month), |id| directory.find(id).map(|o| &**o)).await?;
        }
        for (organisation_id, figures) in self.said {
            turn.say(Said {
                organisation_id,
                change_type: ChangeType::FiguresRecorded,
                effective_on: figures.first.first().map(|(month, _)| month.first_day()),
                before: None,
                after: Some(figures.in_words()),
                node: None,
            });
        }
        Ok(())
    }
}

/// Observations that rest on the same, written together.
fn bulk(turn: &Turn, audit_id: i64, provenance: Provenance) -> Bulk {
    let same = vec![
        (("status", Holds::Text), provenance.status.to_value().into()),
        (("source", Holds::Text), provenance.source.to_value().into()),
        (("recorded_at", Holds::Moment), turn.at().into()),
        (("audit_id", Holds::Number), audit_id.into()),
        (("return_id", Holds::Number), provenance.return_id.into()),
        (("import_id", Holds::Number), provenance.import_id.into()),
    ];
    let backend = turn.connection().get_database_backend();
    Bulk::new(backend, "observation", ROWS, same, "")
}
