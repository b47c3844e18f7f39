//! Committing an import: every row is judged again by what is recorded now, and what
//! still does what was previewed is written, all of it in one turn.

use entity::{
    change::ChangeType,
    import_row::{self, Outcome},
    import_run::{self, State},
    observation::{Source, State as Says},
    organisation_code::CodeScheme,
};

use super::{
    claim::{Opening, name_columns},
    in_state,
    judge::Judge,
    opening,
    returning::{Returning, to_fill_in},
    rows::{Turned, next, recount},
    save,
};
use crate::{
    auth::policy::Permit,
    domain::{
        amount::Amount,
        edit::Edit,
        error::Declined,
        findings::{Finding, explained, taken},
        observations::{
            Entry, Known, Said, known,
            persons::Counted,
            record::{Item, Provenance, Recorder, counted},
        },
        turn::{self, Turn},
        validation::{self, By},
        viewer::Viewer,
    },
    ids::Month,
};

/// What is gone through again at a commit: what would change nothing as well, for by now
/// it might.
const RECHECKED: [Outcome; 3] = [Outcome::Create, Outcome::Change, Outcome::Same];

/// Commits a preview. What changed since it was made becomes a conflict, and is reported
/// instead of written.
pub async fn commit(
    viewer: &Viewer,
    permit: Permit,
    id: i64,
    expected_version: i32,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(move |viewer| async move {
            let reach = permit.reach();
            let mut edit = Edit::begin(&viewer, permit).await?;
            edit.take_time().await?;
            let asked = (id, expected_version, &[State::Previewed][..]);
            let found =
                in_state(&viewer, edit.permit(), edit.connection(), edit.before(), asked).await;
            let mut run = found.inspect_err(|_| edit.see_before())?;
            let openings = run.openings.as_deref().map(serde_json::from_str::<Vec<Opening>>);
            let openings = openings.and_then(Result::ok).unwrap_or_default();
            let opened = opening::open(&mut edit, &openings)?;
            let mut turn = edit.into_turn(Some(run.organisation_id)).await?;
            let known = (turn.directory().clone(), turn.catalogue().clone());
            let judge = Judge::new(known, (reach, run.wanted_status), viewer.today());
            write(&mut turn, &judge, &mut run).await?;
            run.state = State::Committed;
            run.committed_at = Some(turn.at());
            let (id, whose) = (run.id, run.organisation_id);
            turn.say(said(&run, &opened));
            save(turn.connection(), run).await?;
            turn.commit(Some(whose), id).await?;
            Ok(id)
        })
        .await
}

fn said(run: &import_run::Model, opened: &[String]) -> turn::Said {
    let mut words = format!(
        "{}: {} created, {} changed, {} in conflict",
        run.file_name, run.creates, run.changes, run.conflicts
    );
    if !opened.is_empty() {
        words.push_str(&format!("; opened {}", opened.join(", ")));
    }
    turn::Said {
        organisation_id: run.organisation_id,
        change_type: ChangeType::ImportCommitted,
        effective_on: None,
        before: None,
        after: Some(words),
        node: None,
    }
}

async fn write(
    turn: &mut Turn,
    judge: &Judge,
    run: &mut import_run::Model,
) -> Result<(), Declined> {
    let provenance = Provenance {
        status: run.wanted_status,
        source: Source::Import,
        return_id: None,
        import_id: Some(run.id),
    };
    let mut recorder = Recorder::begin(turn, Some(run.organisation_id)).await?;
    let mut turned = Turned::default();
    let mut after = 0;
    while let Some(rows) = next(turn.connection(), run, &mut after, &RECHECKED).await? {
        let mut checked = Checked { judge, run, turned: &mut turned };
        let entries: Vec<Option<Entry>> = rows.iter().map(|row| checked.entry(row)).collect();
        let present: Vec<Entry> = entries.iter().flatten().cloned().collect();
        let known = known(turn, &present).await?;
        let by = By::turn(turn);
        let open = to_fill_in(checked.run, turn.connection(), &known).await?;
        let found = validation::findings(&by, turn.connection(), &present, &known, &open).await?;
        let mut found = found.into_iter();
        let counted = counted(turn.catalogue(), turn.connection(), &known).await?;
        let mut items = Vec::with_capacity(present.len());
        let mut returning = Returning::default();
        for (row, entry) in rows.iter().zip(&entries) {
            let Some(entry) = entry else { continue };
            let findings = found.next().unwrap_or_default();
            let stands = checked.stands(row, entry, findings, (&known, &counted));
            if stands && !returning.takes(checked.run, turn.catalogue(), row, entry) {
                items.push(Item { entry, note: row.explanation.as_deref(), provenance });
            }
        }
        recorder.add(turn, known, &items).await?;
        returning.fill_in(turn).await?;
    }
    recorder.finish(turn).await?;
    turned.write(turn.connection(), run.id).await?;
    Ok(())
}

/// Rows under examination at a commit.
struct Checked<'a> {
    judge: &'a Judge,
    run: &'a mut import_run::Model,
    turned: &'a mut Turned,
}

impl Checked<'_> {
    /// What a row says, in terms of the register as it now is.
    fn entry(&mut self, row: &import_row::Model) -> Option<Entry> {
        let entry = self.found(row);
        if entry.is_none() {
            let sentence = "what it is about is no longer there, or no longer within your reach";
            self.conflict(row, vec![Finding::error("NOT_FOUND", "organisation", sentence)]);
        }
        entry
    }

    fn found(&self, row: &import_row::Model) -> Option<Entry> {
        let (directory, month) = (&self.judge.directory, Month::read(row.month?)?);
        let organisation = match (row.organisation_id, &row.organisation) {
            (Some(id), _) => directory.find(id),
            (None, Some(code)) => directory.last_bearer(CodeScheme::Ods, code, month.last_day()),
            (None, None) => None,
        }?;
        if !directory.covers(&self.judge.reach, organisation, self.judge.today) {
            return None;
        }
        let persons = row.persons.as_deref().map(serde_json::from_str);
        Some(Entry {
            definition: self.judge.catalogue.find(row.version_id?)?.clone(),
            organisation: organisation.clone(),
            month,
            said: claimed(row)?,
            persons: persons.transpose().ok()?.unwrap_or_default(),
        })
    }

    /// Whether the row still does what was previewed; if not, what became of it is noted.
    fn stands(
        &mut self,
        row: &import_row::Model,
        entry: &Entry,
        mut findings: Vec<Finding>,
        (known, counted): (&Known, &Counted),
    ) -> bool {
        explained(&mut findings, row.explanation.as_deref());
        if !taken(&findings) {
            self.conflict(row, findings);
            return false;
        }
        let (outcome, finding) = self.judge.outcome(entry, known, counted);
        if outcome == Outcome::Same {
            if row.outcome != Outcome::Same {
                recount(self.run, row.outcome, Outcome::Same);
                self.turned.add(row.number, Outcome::Same, &[]);
            }
            // What the return last recorded is the same; its draft may say something else.
            return known.get(&entry.figure()).is_some_and(|row| row.return_id.is_some());
        }
        let holds = known.get(&entry.figure()).map(|row| row.id);
        if holds == row.before_id && outcome == row.outcome {
            return true;
        }
        let changed = || {
            let sentence = "somebody recorded it meanwhile: import the file again to see what it would change now";
            Finding::error("REVISION_CONFLICT", "value", sentence)
        };
        self.conflict(row, vec![finding.unwrap_or_else(changed)]);
        false
    }

    fn conflict(&mut self, row: &import_row::Model, mut findings: Vec<Finding>) {
        let definition = row.version_id.and_then(|id| self.judge.catalogue.find(id));
        let metric = definition.map(|it| it.row.code.as_str()).or(row.metric.as_deref());
        name_columns(self.run.format, metric.unwrap_or_default(), &mut findings);
        recount(self.run, row.outcome, Outcome::Conflict);
        self.turned.add(row.number, Outcome::Conflict, &findings);
    }
}

/// What a row says that could be read.
fn claimed(row: &import_row::Model) -> Option<Said> {
    Some(match row.state? {
        Says::Value => Said::Value {
            value: row.value.map(Amount),
            numerator: row.numerator.map(Amount),
            denominator: row.denominator.map(Amount),
        },
        Says::Nil => Said::Nil,
        Says::NotApplicable => Said::NotApplicable,
        Says::Withdrawn => Said::Withdrawn,
    })
}
