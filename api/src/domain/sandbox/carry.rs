//! Every table of the programme, emptied here and filled from another database.
//!
//! Ids stay as they are there, so that the demonstration's own are the same after every
//! reset. What the audit and the feed number goes on behind what was numbered before.

use entity::{audit, edition, idempotency_key};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, EntityName, EntityTrait, FromQueryResult, IdenStatic,
    IntoActiveModel, Iterable, QueryFilter, Statement, Value,
};

use crate::domain::turn::VALUES;

/// Names the tables of the programme, those that others refer to first.
macro_rules! tables {
    ($($table:ident)*) => {
        /// Every table that a reset empties and fills, those that others refer to first.
        pub const REPLACED: &[&str] = &[$(stringify!($table)),*];

        /// Copies each of them, from a database that is laid out alike.
        pub(super) async fn fill(
            to: &DatabaseTransaction,
            from: &DatabaseConnection,
            shift: Shift,
        ) -> Result<(), DbErr> {
            copy::<audit::Entity>(to, from, shift).await?;
            $(copy::<entity::$table::Entity>(to, from, shift).await?;)*
            count_on(to, audit::Entity.table_name()).await?;
            count_on(to, edition::Entity.table_name()).await
        }
    };
}

tables! {
    organisation organisation_fact organisation_code membership placement lead_appointment
    succession list_size change idempotency_key edition metric_version target baseline rebase
    observation counted_person rollup return_schedule monthly_return return_value
    validation_rule import_run import_row data_quality_acceptance job_description duty
    competency_framework competency_domain competency competency_duty evidence
    proof_of_concept participation stage_record cohort learner learner_identifier
    learner_details enrolment enrolment_event extension mentor_assignment assessment
    employment_report award post post_place
}

/// What a reset leaves alone: who may sign in, what they did, and the sandbox itself.
pub const KEPT: &[&str] = &[
    "audit",
    "row_id",
    "api_client",
    "api_client_key",
    "api_client_secret",
    "api_client_grant",
    "api_client_use",
    "client_assertion",
    "operation",
    "field_use",
    "unregistered_document",
    "webhook",
    "webhook_secret",
    "webhook_delivery",
    "sandbox",
    "sandbox_fault",
];

/// Commands whose effects a reset leaves: whoever sends one again under its key, before or
/// after, has it done once.
const KEPT_COMMANDS: [&str; 6] = [
    "registerApiClient",
    "registerOperations",
    "registerWebhook",
    "resetSandbox",
    "injectFaults",
    "clearFaults",
];

/// Behind which numbers the copied rows go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    pub audit: i64,
    pub position: i64,
}

impl Shift {
    /// By how much a column's numbers are raised, if they are.
    fn of(self, table: &str, column: &str) -> Option<i64> {
        match (table, column) {
            ("audit", "id") | (_, "audit_id") => Some(self.audit),
            ("change", "position") => Some(self.position),
            _ => None,
        }
    }
}

/// The last number that the audit gave, with nobody giving another until the end of the
/// transaction.
pub(super) async fn last_audit(transaction: &DatabaseTransaction) -> Result<i64, DbErr> {
    let backend = transaction.get_database_backend();
    let asked = if backend == DbBackend::Postgres {
        let alone = "LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE";
        transaction.execute_unprepared(alone).await?;
        "SELECT pg_sequence_last_value(pg_get_serial_sequence('audit', 'id')::regclass) AS number"
    } else {
        "SELECT MAX(id) AS number FROM audit"
    };
    let found = Number::find_by_statement(Statement::from_string(backend, asked));
    Ok(found.one(transaction).await?.and_then(|row| row.number).unwrap_or(0))
}

#[derive(FromQueryResult)]
struct Number {
    number: Option<i64>,
}

/// Removes every row of the programme, and the keys of commands whose effects go with it.
pub(super) async fn empty(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let keys = idempotency_key::Entity.table_name();
    let gone = idempotency_key::Column::Command.is_not_in(KEPT_COMMANDS);
    idempotency_key::Entity::delete_many().filter(gone).exec(transaction).await?;
    for table in REPLACED.iter().rev().filter(|table| **table != keys) {
        transaction.execute_unprepared(&format!("DELETE FROM {table}")).await?;
    }
    Ok(())
}

async fn copy<E>(
    to: &DatabaseTransaction,
    from: &DatabaseConnection,
    shift: Shift,
) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let table = E::default();
    let raised: Vec<(E::Column, i64)> = E::Column::iter()
        .filter_map(|column| Some((column, shift.of(table.table_name(), column.as_str())?)))
        .collect();
    let row = |row: E::Model| {
        let mut row = row.into_active_model().reset_all();
        for (column, by) in &raised {
            if let ActiveValue::Set(Value::BigInt(Some(number))) = row.get(*column) {
                row.set(*column, (number + by).into());
            }
        }
        row
    };
    let mut rows = E::find().all(from).await?.into_iter().map(row).peekable();
    let at_once = VALUES / E::Column::iter().count();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(at_once).collect();
        E::insert_many(some).exec_without_returning(to).await?;
    }
    Ok(())
}

/// Lets the ids that PostgreSQL gives itself go on behind those that were copied.
async fn count_on(transaction: &DatabaseTransaction, table: &str) -> Result<(), DbErr> {
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let sequence = format!("pg_get_serial_sequence('{table}', 'id')");
    let last = format!("(SELECT COALESCE(MAX(id), 1) FROM {table})");
    transaction.execute_unprepared(&format!("SELECT setval({sequence}, {last})")).await?;
    Ok(())
}
