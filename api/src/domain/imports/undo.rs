//! Undoing an import: what held before holds again, as new revisions. What somebody
//! changed since is theirs, and stays.

use std::collections::HashMap;

use entity::{
    change::ChangeType,
    import_row::{self, Outcome},
    import_run::{self, State},
    observation::{self, Source, State as Says},
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{
    in_state,
    rows::{Turned, next, recount},
    save,
};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure},
        findings::Finding,
        observations::{
            Entry, Known, Said, known,
            persons::Counted,
            persons_of,
            record::{Item, Provenance, Recorder},
        },
        turn::{self, Turn, VALUES},
        viewer::Viewer,
    },
    ids::Month,
};

const WRITTEN: [Outcome; 2] = [Outcome::Create, Outcome::Change];

/// Undoes a commit. Rows whose figures were changed since become conflicts.
pub async fn undo(
    viewer: &Viewer,
    permit: Permit,
    id: i64,
    expected_version: i32,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(move |viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            turn.take_time().await?;
            let asked = (id, expected_version, &[State::Committed][..]);
            let directory = turn.directory().clone();
            let found =
                in_state(&viewer, turn.permit(), turn.connection(), &directory, asked).await;
            let mut run = found.inspect_err(|_| turn.see_before())?;
            let conflicts = run.conflicts;
            restore(&mut turn, &mut run).await?;
            run.state = State::Undone;
            run.undone_at = Some(turn.at());
            let (id, whose) = (run.id, run.organisation_id);
            turn.say(turn::Said {
                organisation_id: whose,
                change_type: ChangeType::ImportUndone,
                effective_on: None,
                before: None,
                after: Some(format!("{}: {} left", run.file_name, run.conflicts - conflicts)),
                node: None,
            });
            save(turn.connection(), run).await?;
            turn.commit(Some(whose), id).await?;
            Ok(id)
        })
        .await
}

async fn restore(turn: &mut Turn, run: &mut import_run::Model) -> Result<(), Failure> {
    let mut recorder = Recorder::begin(turn, Some(run.organisation_id)).await?;
    let mut turned = Turned::default();
    let mut after = 0;
    while let Some(rows) = next(turn.connection(), run, &mut after, &WRITTEN).await? {
        let before = before(turn, &rows).await?;
        let ids = before.values().map(|row| row.id);
        let persons = persons_of(turn.connection(), ids).await?;
        let entries: Vec<Option<Back>> =
            rows.iter().map(|row| back(turn, run, row, (&before, &persons))).collect();
        let present: Vec<Entry> = entries.iter().flatten().map(|each| each.entry.clone()).collect();
        let known = known(turn, &present).await?;
        let mut items = Vec::with_capacity(present.len());
        for (row, each) in rows.iter().zip(&entries) {
            match each.as_ref().filter(|each| is_ours(&known, &each.entry, run.id)) {
                Some(Back { entry, provenance, note }) => {
                    items.push(Item { entry, note: note.as_deref(), provenance: *provenance });
                }
                None => {
                    let sentence = "somebody changed it since, or it is out of your reach: it was left as it is";
                    let finding = Finding::error("REVISION_CONFLICT", "value", sentence);
                    recount(run, row.outcome, Outcome::Conflict);
                    turned.add(row.number, Outcome::Conflict, &[finding]);
                }
            }
        }
        recorder.add(turn, known, &items).await?;
    }
    recorder.finish(turn).await?;
    turned.write(turn.connection(), run.id).await?;
    Ok(())
}

/// Whether what holds is what the import brought.
fn is_ours(known: &Known, entry: &Entry, import_id: i64) -> bool {
    known.get(&entry.figure()).is_some_and(|row| row.import_id == Some(import_id))
}

/// What held before, to be said again on what it rested on then.
struct Back {
    entry: Entry,
    provenance: Provenance,
    note: Option<String>,
}

/// The observations that held before rows, by their ids.
async fn before(
    turn: &Turn,
    rows: &[import_row::Model],
) -> Result<HashMap<i64, observation::Model>, DbErr> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.before_id).collect();
    let mut found = HashMap::new();
    for ids in ids.chunks(VALUES) {
        let query =
            observation::Entity::find().filter(observation::Column::Id.is_in(ids.iter().copied()));
        found.extend(query.all(turn.connection()).await?.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

fn back(
    turn: &Turn,
    run: &import_run::Model,
    row: &import_row::Model,
    (before, persons): (&HashMap<i64, observation::Model>, &Counted),
) -> Option<Back> {
    let month = Month::read(row.month?)?;
    let directory = turn.directory();
    let organisation = match (row.organisation_id, &row.organisation) {
        (Some(id), _) => directory.find(id),
        (None, Some(code)) => {
            let scheme = entity::organisation_code::CodeScheme::Ods;
            directory.last_bearer(scheme, code, month.last_day())
        }
        (None, None) => None,
    }?;
    if !directory.covers(&turn.permit().reach(), organisation, turn.today()) {
        return None;
    }
    let held = row.before_id.and_then(|id| before.get(&id));
    let held = held.filter(|held| held.state != Says::Withdrawn);
    let version = held.map_or(row.version_id?, |held| held.version_id);
    let definition = turn.catalogue().find(version)?.clone();
    let said = held.map_or(Said::Withdrawn, |held| Said::of(held, &definition));
    let provenance = match held {
        Some(held) => Provenance {
            status: held.status,
            source: held.source,
            return_id: held.return_id,
            import_id: held.import_id,
        },
        None => Provenance {
            status: run.wanted_status,
            source: Source::Import,
            return_id: None,
            import_id: Some(run.id),
        },
    };
    let note = match held {
        Some(held) => held.note.clone(),
        None => Some(format!("the import of {} was undone", run.file_name)),
    };
    let persons = held.and_then(|held| persons.get(&held.id)).cloned().unwrap_or_default();
    let organisation = organisation.clone();
    Some(Back { entry: Entry { definition, organisation, month, said, persons }, provenance, note })
}
