//! Starting an import: its row first, then what each row of its file would do.

use std::collections::{BTreeMap, HashMap};

use entity::{
    import_row::{self, Outcome},
    import_run::{self, Format, State},
    metric_version::Aggregation,
    observation::{State as Says, Status},
};
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use super::{
    claim::{Claim, Opening, name_columns},
    expiry,
    judge::{Judge, Meant},
    returning::to_fill_in,
    rows, save,
};
use crate::{
    auth::{
        actor::Actor,
        policy::{Permit, Reach},
    },
    domain::{
        error::{Declined, Failure},
        findings::{Finding, Severity, explained, taken},
        idempotency::IdempotencyKey,
        metrics::england,
        observations::{Entry, Figure, Known, Said, holding, record::counted},
        turn::Turn,
        validation::{self, By},
        viewer::Viewer,
    },
    ids::{Month, OrganisationId, shortened},
};

/// A file to import, which is at hand and was hashed.
#[derive(Debug, Clone)]
pub struct StartImport {
    pub format: Format,
    pub file_name: String,
    pub sha256: String,
    pub lines: u64,
    /// The line of headings.
    pub headings: String,
    /// How settled its figures are to be: only who has everything in reach may approve.
    pub status: Status,
}

/// Where an import stands once it was begun.
pub enum Begun {
    /// The same command was sent before.
    Again(i64),
    Reading(Box<Preview>),
}

/// An import whose file is being read.
pub struct Preview {
    viewer: Viewer,
    run: import_run::Model,
    judge: Judge,
    /// The line that speaks of a figure first, month by month, which takes a third of the
    /// room that figures one by one would.
    seen: HashMap<(OrganisationId, i64), Vec<(Month, u64)>>,
    openings: BTreeMap<String, Opening>,
    number: i64,
}

/// Makes the import known, in state READING; nothing of its file is judged yet.
pub async fn begin(
    viewer: &Viewer,
    permit: Permit,
    key: Option<IdempotencyKey>,
    command: StartImport,
) -> Result<Begun, Declined> {
    if command.status != Status::Provisional && permit.reach() != Reach::Everywhere {
        let sentence = "only the programme team imports figures as approved: send PROVISIONAL";
        return Err(Failure::Forbidden(sentence.to_owned()).into());
    }
    viewer
        .uninterrupted(|viewer| async move {
            let reach = permit.reach();
            let mut turn = Turn::begin(&viewer, permit).await?;
            if let Some(key) = &key
                && let Some(done) = turn.done_before(key).await?
            {
                return Ok(Begun::Again(done.outcome_id));
            }
            expiry::expire(&turn).await?;
            let run = row(&mut turn, command).await?;
            import_run::Entity::insert(run.clone().into_active_model().reset_all())
                .exec_without_returning(turn.connection())
                .await?;
            turn.commit(Some(run.organisation_id), run.id).await?;
            let known = (viewer.directory(), viewer.catalogue());
            let judge = Judge::new(known, (reach, run.wanted_status), viewer.today());
            let (seen, openings) = (HashMap::new(), BTreeMap::new());
            let preview = Preview { viewer, run, judge, seen, openings, number: 0 };
            Ok(Begun::Reading(Box::new(preview)))
        })
        .await
}

async fn row(turn: &mut Turn, command: StartImport) -> Result<import_run::Model, Failure> {
    let programme = england(turn.directory());
    let (whose, who) = match turn.viewer().actor() {
        Actor::Public => (None, String::new()),
        Actor::Holder(holder) => (holder.organisation, holder.subject.clone()),
    };
    let organisation_id = whose.or(programme).ok_or(Failure::NotFound)?;
    let audit_id = turn.audit(Some(organisation_id)).await?;
    Ok(import_run::Model {
        id: turn.next_row_id(),
        format: command.format,
        file_name: shortened_name(&command.file_name),
        sha256: command.sha256,
        state: State::Reading,
        wanted_status: command.status,
        organisation_id,
        started_by: who,
        started_at: turn.at(),
        progressed_at: turn.at(),
        committed_at: None,
        undone_at: None,
        lines_read: 0,
        lines_total: whole(command.lines),
        creates: 0,
        changes: 0,
        sames: 0,
        conflicts: 0,
        refusals: 0,
        skipped: 0,
        headings: Some(command.headings),
        failure: None,
        openings: None,
        audit_id,
        version: 1,
    })
}

/// The last part of a path, of a length that people read, without what no text holds.
fn shortened_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).take(200).collect()
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Preview {
    pub fn id(&self) -> i64 {
        self.run.id
    }

    /// Judges the next claims, and keeps what they would do. `read` is how many lines
    /// were read, of how many.
    pub async fn take(&mut self, claims: Vec<Claim>, read: (u64, u64)) -> Result<(), Failure> {
        let rows = self.judged(claims).await?;
        for row in &rows {
            *rows::count(&mut self.run, row.outcome) += 1;
        }
        (self.run.lines_read, self.run.lines_total) = (whole(read.0), whole(read.1));
        self.run.progressed_at = self.viewer.store().clock().now();
        let transaction = self.write().await?;
        rows::insert(&transaction, self.run.id, &rows).await?;
        import_run::Entity::update(self.run.clone().into_active_model().reset_all())
            .exec(&transaction)
            .await?;
        self.viewer.store().wake.read_on(transaction).await
    }

    async fn write(&self) -> Result<DatabaseTransaction, Failure> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.viewer.store().writer.begin_with_options(options).await?)
    }

    async fn judged(&mut self, mut claims: Vec<Claim>) -> Result<Vec<import_row::Model>, Failure> {
        let meant: Vec<Meant> =
            claims.iter_mut().map(|claim| self.judge.understand(claim)).collect();
        let entries: Vec<Option<Entry>> =
            claims.iter_mut().zip(&meant).map(|(claim, meant)| entry(claim, meant)).collect();
        let judged: Vec<Entry> = entries.iter().flatten().cloned().collect();
        let known = self.known(&judged).await?;
        let reader = &self.viewer.store().reader;
        let catalogue = &self.judge.catalogue;
        let before = if self.viewer.store().figures_position() > 0 { i64::MAX } else { 0 };
        let by = By { viewer: &self.viewer, catalogue, before };
        let open = to_fill_in(&self.run, reader, &known).await?;
        let found = validation::findings(&by, reader, &judged, &known, &open).await?;
        let mut found = found.into_iter();
        let counted = counted(&self.judge.catalogue, reader, &known).await?;
        let mut rows = Vec::with_capacity(claims.len());
        for ((claim, mut meant), entry) in claims.into_iter().zip(meant).zip(entries) {
            let mut outcome = Outcome::Refused;
            if let Some(entry) = &entry {
                meant.findings.append(&mut found.next().unwrap_or_default());
                meant.findings.extend(self.duplicate(entry, claim.line));
                explained(&mut meant.findings, claim.explanation.as_deref());
                if taken(&meant.findings) {
                    let (would, finding) = self.judge.outcome(entry, &known, &counted);
                    outcome = would;
                    meant.findings.extend(finding);
                }
            }
            if outcome == Outcome::Create
                && let Some(opening) = self.opened(&claim, &meant)
            {
                meant.findings.push(opening);
            }
            name_columns(self.run.format, &claim.metric, &mut meant.findings);
            self.number += 1;
            rows.push(stored((self.run.id, self.number), outcome, claim, meant, (entry, &known)));
        }
        Ok(rows)
    }

    async fn known(&self, entries: &[Entry]) -> Result<Known, Failure> {
        let figures: Vec<Figure> = entries.iter().map(Entry::figure).collect();
        Ok(holding(&self.viewer.store().reader, &figures).await?)
    }

    /// What is wrong where an earlier line speaks of the same figure.
    fn duplicate(&mut self, entry: &Entry, line: u64) -> Option<Finding> {
        let (organisation, series, month) = entry.figure();
        let months = self.seen.entry((organisation, series)).or_default();
        match months.binary_search_by_key(&month, |(month, _)| *month) {
            Err(at) => {
                months.insert(at, (month, line));
                None
            }
            Ok(at) => {
                let first = months[at].1;
                let sentence = format!("line {first} says it already: keep the line that is right");
                Some(Finding::error("ALREADY_EXISTS", "line", sentence))
            }
        }
    }

    /// Notes an organisation that the commit opens; says so on the row.
    fn opened(&mut self, claim: &Claim, meant: &Meant) -> Option<Finding> {
        let opening = claim.opening.as_ref()?;
        meant.organisation.as_ref().filter(|found| found.id() < 0)?;
        let Opening { code, name, sub_icb, .. } = opening;
        let sentence = format!(
            "the register does not know {code} ({}): the commit opens it in {sub_icb}",
            shortened(name)
        );
        self.openings.entry(code.clone()).or_insert_with(|| opening.clone());
        Some(Finding::notice("OPENED", "organisation", sentence))
    }

    /// Ends the reading: the preview is whole.
    pub async fn finish(mut self, skipped: u64) -> Result<(), Failure> {
        self.run.state = State::Previewed;
        self.run.skipped = whole(skipped);
        self.run.lines_total = self.run.lines_read;
        let openings: Vec<&Opening> = self.openings.values().collect();
        self.run.openings = match openings.is_empty() {
            true => None,
            false => serde_json::to_string(&openings).ok(),
        };
        self.end().await
    }

    /// Ends the reading: the file cannot be read to its end.
    pub async fn fail(mut self, sentence: String) -> Result<(), Failure> {
        self.run.state = State::Failed;
        self.run.failure = Some(sentence);
        self.end().await
    }

    async fn end(self) -> Result<(), Failure> {
        let transaction = self.write().await?;
        save(&transaction, self.run).await?;
        self.viewer.store().wake.read_on(transaction).await
    }
}

/// What a claim comes to where all of it is understood.
fn entry(claim: &mut Claim, meant: &Meant) -> Option<Entry> {
    let clean = meant.findings.iter().all(|finding| finding.severity == Severity::Warning);
    let entry = Entry {
        definition: meant.definition.clone()?,
        organisation: meant.organisation.clone()?,
        month: claim.month?,
        said: claim.said?,
        persons: std::mem::take(&mut claim.persons),
    };
    clean.then_some(entry)
}

fn stored(
    (import_id, number): (i64, i64),
    outcome: Outcome,
    claim: Claim,
    meant: Meant,
    (entry, known): (Option<Entry>, &Known),
) -> import_row::Model {
    let before = entry.as_ref().and_then(|entry| known.get(&entry.figure()));
    let before_id = before.map(|row| row.id);
    let (state, [value, numerator, denominator]) = match claim.said {
        None => (None, [None; 3]),
        Some(Said::Nil) => (Some(Says::Nil), [None; 3]),
        Some(Said::NotApplicable) => (Some(Says::NotApplicable), [None; 3]),
        Some(Said::Withdrawn) => (Some(Says::Withdrawn), [None; 3]),
        Some(Said::Value { value, numerator, denominator }) => {
            let numbers = [value, numerator, denominator].map(|number| number.map(|n| n.0));
            (Some(Says::Value), numbers)
        }
    };
    let organisation_id = meant.organisation.map(|found| found.id()).filter(|id| *id > 0);
    let version_id = meant.definition.as_ref().map(|found| found.row.id);
    let counts =
        meant.definition.is_some_and(|each| each.row.aggregation == Aggregation::DistinctCount);
    let persons = entry.map(|entry| entry.persons).filter(|all| counts && !all.is_empty());
    import_row::Model {
        import_id,
        number,
        line: whole(claim.line),
        outcome,
        organisation: organisation_id.is_none().then(|| shortened(&claim.organisation)),
        organisation_id,
        metric: version_id.is_none().then(|| shortened(&claim.metric)),
        version_id,
        month: claim.month.map(Month::stored),
        state,
        value,
        numerator,
        denominator,
        before_id,
        explanation: claim.explanation,
        persons: persons.and_then(|all| serde_json::to_string(&all).ok()),
        findings: rows::written(&meant.findings),
        raw: claim.raw,
    }
}
