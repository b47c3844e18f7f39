//! Writing many rows of one table at the speed of the database: arrays on PostgreSQL,
//! which come apart into rows there, and long prepared statements on SQLite.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

/// As many values as a statement of SQLite is given here. It would take more, but longer
/// statements gain nothing.
const VALUES: usize = 8_000;
/// As many rows as a statement of PostgreSQL is given.
const ROWS: usize = 10_000;

/// What a column holds, so that PostgreSQL is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Number,
    Small,
    Text,
    Moment,
}

impl Holds {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "bigint",
            Self::Small => "integer",
            Self::Text => "text",
            Self::Moment => "timestamptz",
        }
    }
}

pub(super) type Column = (&'static str, Holds);

/// One value of one row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Nothing,
    Number(i64),
    Text(&'a str),
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

/// Rows on their way into a table.
pub(super) struct Bulk {
    backend: DbBackend,
    table: &'static str,
    columns: &'static [Column],
    /// Columns that are the same in every row.
    same: Vec<(Column, Value)>,
    /// What follows the rows, such as what to do where there is one already.
    ending: &'static str,
    rows: usize,
    /// On PostgreSQL, the array of each column as text.
    arrays: Vec<String>,
    /// On SQLite, the values row by row.
    values: Vec<Value>,
}

impl Bulk {
    pub(super) fn new(
        backend: DbBackend,
        table: &'static str,
        columns: &'static [Column],
        same: Vec<(Column, Value)>,
        ending: &'static str,
    ) -> Self {
        let arrays = vec!["{".to_owned(); columns.len()];
        Self { backend, table, columns, same, ending, rows: 0, arrays, values: Vec::new() }
    }

    /// Adds a row, with a cell for each column; writes when there are many.
    pub(super) async fn add(
        &mut self,
        connection: &impl ConnectionTrait,
        cells: &[Cell<'_>],
    ) -> Result<(), DbErr> {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        if self.backend == DbBackend::Postgres {
            for (array, cell) in self.arrays.iter_mut().zip(cells) {
                push(array, *cell);
            }
        } else {
            self.values.extend(self.same.iter().map(|(_, value)| value.clone()));
            self.values.extend(cells.iter().zip(self.columns).map(|(cell, (_, holds))| {
                match (*cell, holds) {
                    (Cell::Number(number), _) => Value::BigInt(Some(number)),
                    (Cell::Text(text), _) => Value::String(Some(text.to_owned())),
                    (Cell::Nothing, Holds::Text) => Value::String(None),
                    (Cell::Nothing, _) => Value::BigInt(None),
                }
            }));
        }
        self.rows += 1;
        if self.rows == self.most() { self.write(connection).await } else { Ok(()) }
    }

    fn most(&self) -> usize {
        if self.backend == DbBackend::Postgres {
            ROWS
        } else {
            VALUES / (self.same.len() + self.columns.len())
        }
    }

    /// Writes what was not written yet.
    pub(super) async fn write(&mut self, connection: &impl ConnectionTrait) -> Result<(), DbErr> {
        if self.rows == 0 {
            return Ok(());
        }
        let names = self.same.iter().map(|((name, _), _)| *name);
        let names = names.chain(self.columns.iter().map(|(name, _)| *name));
        let names = names.collect::<Vec<_>>().join(", ");
        let rows = match self.backend {
            DbBackend::Postgres => self.unnested(),
            _ => self.listed(),
        };
        let sql = format!("INSERT INTO {} ({names}) {rows} {}", self.table, self.ending);
        let mut values = std::mem::take(&mut self.values);
        if self.backend == DbBackend::Postgres {
            values.extend(self.same.iter().map(|(_, value)| value.clone()));
            for array in &mut self.arrays {
                array.push('}');
                values.push(Value::String(Some(std::mem::replace(array, "{".to_owned()))));
            }
        }
        self.rows = 0;
        let statement = Statement::from_sql_and_values(self.backend, sql, values);
        connection.execute_raw(statement).await.map(|_| ())
    }

    /// `SELECT $1::text, each.* FROM unnest($2::text::bigint[], …) AS each`.
    fn unnested(&self) -> String {
        let same = (1..).zip(&self.same);
        let same = same.map(|(at, ((_, holds), _))| format!("${at}::{}, ", holds.name()));
        let arrays = (self.same.len() + 1..).zip(self.columns);
        let arrays = arrays.map(|(at, (_, holds))| format!("${at}::text::{}[]", holds.name()));
        let arrays = arrays.collect::<Vec<_>>().join(", ");
        format!("SELECT {}each.* FROM unnest({arrays}) AS each", same.collect::<String>())
    }

    /// `VALUES (?, ?, ?), (?, ?, ?)`. Numbered placeholders would be looked up one by one
    /// among all of them.
    fn listed(&self) -> String {
        let row = vec!["?"; self.same.len() + self.columns.len()].join(", ");
        let rows = vec![format!("({row})"); self.rows];
        format!("VALUES {}", rows.join(", "))
    }
}

/// Appends a cell to the text of an array.
fn push(array: &mut String, cell: Cell<'_>) {
    use std::fmt::Write;
    if array.len() > 1 {
        array.push(',');
    }
    match cell {
        Cell::Nothing => array.push_str("NULL"),
        // Writing to a String cannot fail.
        Cell::Number(number) => drop(write!(array, "{number}")),
        Cell::Text(text) => {
            array.push('"');
            for letter in text.chars() {
                if matches!(letter, '"' | '\\') {
                    array.push('\\');
                }
                array.push(letter);
            }
            array.push('"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_keeps_quotes_and_tells_nothing_from_the_word() {
        let mut array = "{".to_owned();
        for cell in [Cell::Text(r#"a "b" \c, {d}"#), Cell::Nothing, Cell::Text("NULL")] {
            push(&mut array, cell);
        }
        push(&mut array, Cell::Number(-5));
        assert_eq!(array, r#"{"a \"b\" \\c, {d}",NULL,"NULL",-5"#);
    }
}
