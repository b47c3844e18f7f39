//! One command's turn to write: whatever it does, its audit row, its change rows and the
//! answer that its key repeats stand in one transaction, or nothing does.
//!
//! Turns are taken one at a time, on every instance: each sees the last one's outcome
//! before it decides, sums are added to without a race, and positions in the feed follow
//! the commits. A caller who goes away does not cut a turn off: see
//! [`super::viewer::Viewer::uninterrupted`].

mod commit;
mod consequences;
pub(super) mod day;
mod feed;
mod sandbox;

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    change::{ChangeType, NodeType},
    idempotency_key,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

pub(super) use self::feed::{Reached, VALUES, insert, reached};
use super::{
    api_clients::ApiClients,
    directory::{Directory, load},
    error::{Declined, Failure},
    idempotency::IdempotencyKey,
    metrics::catalogue::{self, Catalogue},
    records::{self, Records, parties::Parties},
    viewer::Viewer,
};
use crate::{
    auth::{
        action::Action,
        actor::{Actor, Holder},
        policy::{Permit, Reach},
    },
    ids::OrganisationId,
};

/// Any number of ours: the advisory lock that a turn holds on PostgreSQL.
const WRITING: i64 = 0x6770_6102;

/// One line of the change feed, before it has its position.
pub(super) struct Said {
    pub organisation_id: OrganisationId,
    pub change_type: ChangeType,
    pub effective_on: Option<NaiveDate>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Which record of the organisation it tells of; none where it is the organisation.
    pub node: Option<(NodeType, i64)>,
}

pub(super) struct Turn {
    transaction: DatabaseTransaction,
    viewer: Viewer,
    permit: Permit,
    at: DateTime<Utc>,
    /// The register as it was when the turn began.
    began: Arc<Directory>,
    directory: Arc<Directory>,
    catalogue: Arc<Catalogue>,
    records: Arc<Records>,
    /// Whether the register is another than when the turn began.
    adopted: bool,
    reached: Reached,
    /// The first id that a row of the turn has.
    first: i64,
    key: Option<idempotency_key::Model>,
    audit_id: Option<i64>,
    /// Which record the command is about, where it is about one.
    about: Option<(NodeType, i64)>,
    said: Vec<Said>,
    /// Out of whose reach a thing that was said, by its place in `said`, took a record.
    left: HashMap<usize, Parties>,
    /// Whether the turn tells what came with a new day.
    passes_day: bool,
    /// The records as the turn leaves them, if it changed any.
    renewed: Option<Records>,
    /// The machine clients as the turn leaves them, if it changed any.
    clients: Option<Arc<ApiClients>>,
}

impl Turn {
    /// Waits for its turn, then sees everything as it now is.
    pub(super) async fn begin(viewer: &Viewer, permit: Permit) -> Result<Self, Failure> {
        let store = viewer.store();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = store.writer.begin_with_options(options).await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            let turn = format!("SELECT pg_advisory_xact_lock({WRITING})");
            transaction.execute_unprepared(&turn).await?;
        }
        let mut reached = reached(&transaction).await?;
        store.keep_up(&transaction, &reached).await?;
        reached.day.get_or_insert(viewer.today());
        let mut directory = store.directory();
        if directory.position() != reached.register_position
            && let Some(newer) = load::refresh(&directory, &transaction).await?
        {
            directory = Arc::new(newer);
        }
        let mut catalogue = store.catalogue();
        if catalogue.position() != reached.catalogue_position {
            catalogue = Arc::new(catalogue::load(&transaction).await?);
        }
        let mut records = store.records();
        if records.position() != reached.records_position
            && let Some(newer) = records::load::refresh(&records, &transaction, &directory).await?
        {
            records = Arc::new(newer);
        }
        Ok(Self {
            transaction,
            viewer: viewer.clone(),
            permit,
            at: store.clock().now(),
            began: directory.clone(),
            directory,
            catalogue,
            records,
            adopted: false,
            first: reached.next,
            reached,
            key: None,
            audit_id: None,
            about: None,
            said: Vec::new(),
            left: HashMap::new(),
            passes_day: false,
            renewed: None,
            clients: None,
        })
    }

    /// A long load may take longer than the server allows a command.
    pub(super) async fn take_time(&self) -> Result<(), Failure> {
        if self.transaction.get_database_backend() == DbBackend::Postgres {
            let patient = "SET LOCAL statement_timeout = '10min'";
            self.transaction.execute_unprepared(patient).await?;
        }
        Ok(())
    }

    pub(super) fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    pub(super) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub(super) fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Who does it; nobody without a role gets as far as a turn.
    pub(super) fn holder(&self) -> Result<Holder, Failure> {
        match self.viewer.actor() {
            Actor::Public => Err(Failure::Unauthenticated),
            Actor::Holder(holder) => Ok(holder.clone()),
        }
    }

    /// Lets through what the caller may both read and do this to: NOT_FOUND where it may
    /// not be read, FORBIDDEN where it may be read and not changed. `covers` says whether
    /// it lies within a reach.
    pub(super) fn permits(
        &self,
        reads: Action,
        covers: impl Fn(Reach) -> bool,
    ) -> Result<(), Failure> {
        if !covers(self.viewer.reach(reads)) {
            return Err(Failure::NotFound);
        }
        if !covers(self.permit.reach()) {
            let sentence = "it lies outside your organisation's reach";
            return Err(Failure::Forbidden(sentence.to_owned()));
        }
        Ok(())
    }

    /// The moment of the command.
    pub(super) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.viewer.today()
    }

    /// The register as it was when the turn began, or as an edit within it left it.
    pub(super) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// The definitions as they were when the turn began.
    pub(super) fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The programme's records as they were when the turn began.
    pub(super) fn records(&self) -> &Arc<Records> {
        &self.records
    }

    /// Goes on with the register as an edit within the turn left it.
    pub(super) fn adopt(&mut self, directory: Arc<Directory>) {
        self.directory = directory;
        self.adopted = true;
    }

    /// An id that no row has had.
    pub(super) fn next_row_id(&mut self) -> i64 {
        self.reached.next += 1;
        self.reached.next - 1
    }

    /// Gives away every id below `next` that is yet to be given.
    pub(super) fn reserve_row_ids(&mut self, next: i64) {
        self.reached.next = self.reached.next.max(next);
    }

    /// Names the record that the command is about, for its audit row.
    pub(super) fn about(&mut self, node: (NodeType, i64)) {
        self.about = Some(node);
    }

    /// Says something in the change feed.
    pub(super) fn say(&mut self, said: Said) {
        self.said.push(said);
    }

    /// Lets everybody be judged by these machine clients once the turn is committed.
    pub(super) fn leave_clients(&mut self, clients: ApiClients) {
        self.clients = Some(Arc::new(clients));
    }

    /// The outcome of the same command under the same key, if it was done before.
    pub(super) async fn done_before(
        &mut self,
        key: &IdempotencyKey,
    ) -> Result<Option<idempotency_key::Model>, Declined> {
        let found = key.find(self.viewer.actor(), &self.transaction).await?;
        match found {
            Some(_) => self.see_before(),
            None => self.key = Some(key.row(self.viewer.actor(), self.at)),
        }
        Ok(found)
    }

    /// What a repetition under the same key answers, where an id does not tell it all.
    pub(super) fn will_answer(&mut self, answer: String) {
        if let Some(key) = &mut self.key {
            key.answer = Some(answer);
        }
    }

    /// Whether any figure was ever recorded.
    pub(super) fn has_figures(&self) -> bool {
        self.reached.figures_position > 0
    }

    /// Whatever was recorded in earlier turns has ids below this; 0 where nothing was.
    pub(super) fn before(&self) -> i64 {
        if self.has_figures() { self.first } else { 0 }
    }

    /// Lets the request see what the turn found, when it will write nothing.
    pub(super) fn see_before(&self) {
        self.viewer.see(self.directory.clone());
        self.viewer.see_catalogue(self.catalogue.clone());
        self.viewer.see_records(self.records.clone());
    }
}
