//! What the database itself refuses to let go: observations, answers that were settled,
//! what was published. A reset lifts these guards, removes everything, and sets them again,
//! all in its own transaction; the rows that are filled in then pass under them.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Statement};

/// A trigger: what lifts it, and what sets it again.
#[derive(FromQueryResult)]
struct Guard {
    lift: String,
    set: String,
}

const POSTGRES: &str = "SELECT DISTINCT
        'ALTER TABLE ' || tgrelid::regclass || ' DISABLE TRIGGER USER' AS lift,
        'ALTER TABLE ' || tgrelid::regclass || ' ENABLE TRIGGER USER' AS \"set\"
    FROM pg_trigger WHERE NOT tgisinternal";
const SQLITE: &str = "SELECT 'DROP TRIGGER ' || name AS lift, sql AS \"set\"
    FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE ON%'";

/// Guards that are lifted: to be set again.
#[must_use]
pub(super) struct Lifted(Vec<Guard>);

pub(super) async fn lift(transaction: &DatabaseTransaction) -> Result<Lifted, DbErr> {
    let backend = transaction.get_database_backend();
    let asked = if backend == DbBackend::Postgres { POSTGRES } else { SQLITE };
    let asked = Statement::from_string(backend, asked);
    let guards = Guard::find_by_statement(asked).all(transaction).await?;
    for guard in &guards {
        transaction.execute_unprepared(&guard.lift).await?;
    }
    Ok(Lifted(guards))
}

impl Lifted {
    pub(super) async fn set(self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        for guard in &self.0 {
            transaction.execute_unprepared(&guard.set).await?;
        }
        Ok(())
    }
}
