//! Recording figures in a turn: new revisions of what differs, and the sums that follow.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    change::ChangeType,
    counted_person,
    observation::{self, Source, State, Status},
};
use sea_orm::DbErr;

use super::{
    entry::{Entry, Figures},
    latest::{Latest, read},
    persons,
    rollups::{Changes, Sums, adds_up},
};
use crate::{
    domain::{
        error::Problems,
        metrics::england,
        turn::{Said, Turn, insert},
    },
    ids::{Month, OrganisationId},
};

/// How many organisations' figures are looked up at once.
const AT_ONCE: usize = 500;

/// What an observation rests on.
#[derive(Debug, Clone, Copy)]
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

/// What is recorded of a figure already.
pub(in crate::domain) type Known = HashMap<(OrganisationId, i64, Month), observation::Model>;

/// The figures that hold for what the entries speak of.
pub(in crate::domain) async fn known(turn: &Turn, entries: &[Entry]) -> Result<Known, DbErr> {
    let mut known = Known::new();
    let organisations: BTreeSet<_> = entries.iter().map(|entry| entry.organisation.id()).collect();
    let series: BTreeSet<_> = entries.iter().map(|entry| entry.definition.row.series_id).collect();
    let series: Vec<_> = series.into_iter().collect();
    let months = || entries.iter().map(|entry| entry.month);
    let (Some(first), Some(last)) = (months().min(), months().max()) else { return Ok(known) };
    if !turn.has_figures() {
        return Ok(known);
    }
    let organisations: Vec<_> = organisations.into_iter().collect();
    for organisations in organisations.chunks(AT_ONCE) {
        let wanted = Latest {
            series: Some(&series),
            organisations: Some(organisations),
            months: Some((first, last)),
            known_at: None,
        };
        for row in read(turn.connection(), &wanted).await? {
            if let Some(month) = Month::read(row.month) {
                known.insert((row.organisation_id, row.series_id, month), row);
            }
        }
    }
    Ok(known)
}

/// Records entries that were judged before, each with the explanation that goes with it;
/// what cannot be recorded, such as a value out of its range, must not be among them.
pub(in crate::domain) async fn record(
    turn: &mut Turn,
    entries: &[Entry],
    notes: &[Option<String>],
    provenance: Provenance,
) -> Result<Vec<Became>, DbErr> {
    let mut known = known(turn, entries).await?;
    let counted = persons::of(turn.connection(), known.values().map(|row| row.id)).await?;
    let mut work = Work::default();
    let mut outcomes = Vec::with_capacity(entries.len());
    let about = entries.first().map(|entry| entry.organisation.id());
    let one = entries.iter().all(|entry| Some(entry.organisation.id()) == about);
    let audit_id = turn.audit(about.filter(|_| one)).await?;
    for (entry, note) in entries.iter().zip(notes.iter().chain(std::iter::repeat(&None))) {
        let Some(figures) = entry.figures(&mut Problems::default()) else {
            outcomes.push(Became::Nothing);
            continue;
        };
        let key = (entry.organisation.id(), entry.definition.row.series_id, entry.month);
        let before = known.get(&key);
        let same = before.is_some_and(|row| {
            Figures::of(row) == figures
                && row.status == provenance.status
                && counted.get(&row.id).map_or(&[][..], Vec::as_slice) == sorted(&entry.persons)
        });
        if let Some(row) = before.filter(|_| same) {
            outcomes.push(Became::Same(row.id));
            continue;
        }
        if before.is_none_or(|row| row.state == State::Withdrawn)
            && figures.state == State::Withdrawn
        {
            outcomes.push(Became::Nothing);
            continue;
        }
        let row = observation::Model {
            id: turn.next_row_id(),
            series_id: key.1,
            version_id: entry.definition.row.id,
            organisation_id: key.0,
            month: entry.month.stored(),
            revision: before.map_or(1, |row| row.revision + 1),
            state: figures.state,
            value: figures.value,
            numerator: figures.numerator,
            denominator: figures.denominator,
            status: provenance.status,
            source: provenance.source,
            recorded_at: turn.at(),
            audit_id,
            return_id: provenance.return_id,
            import_id: provenance.import_id,
            note: note.clone(),
        };
        let gone = before.is_none_or(|row| row.state == State::Withdrawn);
        outcomes.push(if gone { Became::Created(row.id) } else { Became::Changed(row.id) });
        work.add(turn, entry, before, &row);
        known.insert(key, row.clone());
        work.rows.push(row);
    }
    work.write(turn).await?;
    Ok(outcomes)
}

fn sorted(persons: &[String]) -> Vec<String> {
    let mut sorted = persons.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// What recording comes to, before it is written.
#[derive(Default)]
struct Work {
    rows: Vec<observation::Model>,
    persons: Vec<counted_person::Model>,
    changes: Changes,
    /// Distinct counts to be made again.
    recounts: BTreeSet<(i64, Month)>,
    /// What is said of each organisation: which metrics, of which months.
    said: BTreeMap<OrganisationId, BTreeSet<(Month, String)>>,
}

impl Work {
    fn add(
        &mut self,
        turn: &Turn,
        entry: &Entry,
        before: Option<&observation::Model>,
        after: &observation::Model,
    ) {
        let england = england(turn.directory());
        let (definition, organisation) = (&*entry.definition, &*entry.organisation);
        if let Some(before) = before {
            let sums = Sums::of(before).negated();
            let place = (entry.month, before.status);
            self.changes.add(definition, organisation, place, england, &sums);
        }
        let place = (entry.month, after.status);
        self.changes.add(definition, organisation, place, england, &Sums::of(after));
        let is_below = organisation.kind() == definition.row.subject_level;
        if is_below && !adds_up(definition) {
            self.recounts.insert((definition.row.series_id, entry.month));
        }
        let counted = |person| counted_person::Model { observation_id: after.id, person };
        self.persons.extend(sorted(&entry.persons).into_iter().map(counted));
        let said = self.said.entry(organisation.id()).or_default();
        said.insert((entry.month, definition.row.code.clone()));
    }

    async fn write(self, turn: &mut Turn) -> Result<(), DbErr> {
        insert::<observation::Entity>(turn.connection(), self.rows).await?;
        insert::<counted_person::Entity>(turn.connection(), self.persons).await?;
        self.changes.write(turn.connection(), turn.at()).await?;
        for (series, month) in self.recounts {
            let directory = turn.directory().clone();
            persons::recount(turn, (series, month), |id| directory.find(id).map(|o| &**o)).await?;
        }
        for (organisation_id, figures) in self.said {
            turn.say(Said {
                organisation_id,
                change_type: ChangeType::FiguresRecorded,
                effective_on: figures.first().map(|(month, _)| month.first_day()),
                before: None,
                after: Some(in_words(&figures)),
            });
        }
        Ok(())
    }
}

/// Which figures, without what they are: `gpa.fte 2025-11, gpa.headcount 2025-11`.
fn in_words(figures: &BTreeSet<(Month, String)>) -> String {
    const NAMED: usize = 20;
    let named = figures.iter().take(NAMED).map(|(month, code)| format!("{code} {month}"));
    let mut words = named.collect::<Vec<_>>().join(", ");
    if figures.len() > NAMED {
        words.push_str(&format!(" and {} more", figures.len() - NAMED));
    }
    words
}
