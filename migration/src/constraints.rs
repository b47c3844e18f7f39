//! Rules that the two databases spell differently: texts of a closed set, and
//! intervals that never overlap (an exclusion constraint on PostgreSQL, triggers
//! on SQLite, which has one writer at a time and so needs no more).

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend, sea_orm::Iterable};

/// A text column that holds one of an enumeration's spellings.
pub(crate) fn one_of<E>(column: &'static str) -> ColumnDef
where
    E: sea_orm_migration::sea_orm::ActiveEnum<Value = String> + Iterable,
{
    let spellings: Vec<String> = E::iter().map(|each| each.to_value()).collect();
    ColumnDef::new(column).text().not_null().check(Expr::col(column).is_in(spellings)).to_owned()
}

/// `valid_from`, and `valid_to` after it or open.
pub(crate) fn interval(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    let (from, to) = ("valid_from", "valid_to");
    table.col(ColumnDef::new(from).date().not_null()).col(
        ColumnDef::new(to)
            .date()
            .check(Expr::col(to).is_null().or(Expr::col(to).gt(Expr::col(from)))),
    )
}

/// Refuses two rows of `table` that agree in a number and in every text of `texts`, and
/// whose intervals share a day.
///
/// PostgreSQL indexes the texts by their 64-bit hash, which is seven times as fast to
/// write; that two texts of a register share one is as good as impossible, and would
/// refuse a row rather than let one through.
pub(crate) async fn never_overlaps(
    manager: &SchemaManager<'_>,
    table: &str,
    rule: &str,
    number: Option<&str>,
    texts: &[&str],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let keys: Vec<&str> = number.into_iter().chain(texts.iter().copied()).collect();
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        let hash = format!("hashtextextended({}, 0)", texts.join(" || ' ' || "));
        let hash = (!texts.is_empty()).then_some(hash.as_str());
        let same: String =
            number.into_iter().chain(hash).map(|key| format!("{key} WITH =, ")).collect();
        let statement = format!(
            "ALTER TABLE {table} ADD CONSTRAINT {rule} \
             EXCLUDE USING gist ({same}daterange(valid_from, valid_to) WITH &&)"
        );
        connection.execute_unprepared(&statement).await?;
        return Ok(());
    }
    let same: String = keys.iter().map(|key| format!("{key} = NEW.{key} AND ")).collect();
    for (event, other) in [("INSERT", ""), ("UPDATE", "rowid <> NEW.rowid AND ")] {
        let statement = format!(
            "CREATE TRIGGER {rule}_on_{event} BEFORE {event} ON {table} BEGIN \
             SELECT RAISE(ABORT, '{rule}') WHERE EXISTS (SELECT 1 FROM {table} WHERE {other}{same}\
             (valid_to IS NULL OR valid_to > NEW.valid_from) AND \
             (NEW.valid_to IS NULL OR valid_from < NEW.valid_to)); END"
        );
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// A column that names a row of `organisation`.
pub(crate) fn organisation(table: &mut TableCreateStatement, column: &'static str) {
    refers(table, column, "organisation");
}

/// A column that names a row of another table by its id.
pub(crate) fn refers(table: &mut TableCreateStatement, column: &'static str, to: &'static str) {
    let mut key = ForeignKey::create().from_col(column).to(to, "id").to_owned();
    table.col(ColumnDef::new(column).big_integer().not_null()).foreign_key(&mut key);
}

/// A year and a month as one number, such as 202511.
pub(crate) fn month(column: &'static str) -> ColumnDef {
    let of_year = Expr::col(column).modulo(100);
    let shape = Expr::col(column).between(190_001, 220_012).and(of_year.between(1, 12));
    ColumnDef::new(column).integer().not_null().check(shape).to_owned()
}

/// The row's own id, which the program gives.
pub(crate) fn id() -> ColumnDef {
    ColumnDef::new("id").big_integer().not_null().primary_key().to_owned()
}

/// How often the row was changed, from 1 on.
pub(crate) fn version() -> ColumnDef {
    let rises = Expr::col("version").gte(1);
    ColumnDef::new("version").integer().not_null().check(rises).to_owned()
}
