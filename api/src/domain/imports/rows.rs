//! Rows of a preview: written and gone through by the ten thousand.

use std::collections::BTreeMap;

use entity::{
    import_row::{self, Column as Field, Outcome},
    import_run,
};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use crate::domain::{
    bulk::{Bulk, Cell, Column, Holds},
    findings::Finding,
};

/// How many rows are gone through at once.
pub(super) const AT_ONCE: u64 = 10_000;

const COLUMNS: &[Column] = &[
    ("number", Holds::Number),
    ("line", Holds::Number),
    ("outcome", Holds::Text),
    ("organisation_id", Holds::Number),
    ("organisation", Holds::Text),
    ("version_id", Holds::Number),
    ("metric", Holds::Text),
    ("month", Holds::Small),
    ("state", Holds::Text),
    ("value", Holds::Number),
    ("numerator", Holds::Number),
    ("denominator", Holds::Number),
    ("before_id", Holds::Number),
    ("explanation", Holds::Text),
    ("persons", Holds::Text),
    ("findings", Holds::Text),
    ("raw", Holds::Text),
];

pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    import_id: i64,
    rows: &[import_row::Model],
) -> Result<(), DbErr> {
    let same = vec![(("import_id", Holds::Number), import_id.into())];
    let backend = connection.get_database_backend();
    let mut bulk = Bulk::new(backend, "import_row", COLUMNS, same, "");
    for row in rows {
        let (outcome, state) = (row.outcome.to_value(), row.state.map(|state| state.to_value()));
        let cells = [
            Cell::Number(row.number),
            Cell::Number(row.line),
            Cell::Text(&outcome),
            row.organisation_id.into(),
            row.organisation.as_deref().into(),
            row.version_id.into(),
            row.metric.as_deref().into(),
            row.month.map(i64::from).into(),
            state.as_deref().into(),
            row.value.into(),
            row.numerator.into(),
            row.denominator.into(),
            row.before_id.into(),
            row.explanation.as_deref().into(),
            row.persons.as_deref().into(),
            row.findings.as_deref().into(),
            row.raw.as_deref().into(),
        ];
        bulk.add(connection, &cells).await?;
    }
    bulk.write(connection).await
}

/// The rows of those outcomes among the next in the order of the file, without their
/// lines; each time from where the last ended, and nothing once there are no more rows.
/// They are found by their numbers alone: of a table that has just grown by a million rows
/// a database knows too little to stop at the first ten thousand.
pub(super) async fn next(
    connection: &impl ConnectionTrait,
    run: &import_run::Model,
    after: &mut i64,
    outcomes: &[Outcome],
) -> Result<Option<Vec<import_row::Model>>, DbErr> {
    let last = run.creates + run.changes + run.sames + run.conflicts + run.refusals;
    if *after >= last {
        return Ok(None);
    }
    let (first, end) = (*after + 1, *after + AT_ONCE as i64);
    *after = end;
    import_row::Entity::find()
        .select_only()
        .columns(COLUMNS[..COLUMNS.len() - 1].iter().filter_map(|(name, _)| field(name)))
        .column(Field::ImportId)
        .expr_as(Expr::cust("NULL"), "raw")
        .filter(Field::ImportId.eq(run.id))
        .filter(Field::Number.between(first, end))
        .filter(Field::Outcome.is_in(outcomes.iter().copied()))
        .order_by_asc(Field::Number)
        .all(connection)
        .await
        .map(Some)
}

fn field(name: &str) -> Option<Field> {
    use sea_orm::{IdenStatic, Iterable};
    Field::iter().find(|field| field.as_str() == name)
}

/// What became of rows otherwise than was previewed.
#[derive(Default)]
pub(super) struct Turned(BTreeMap<(String, Option<String>), Vec<i64>>);

impl Turned {
    pub(super) fn add(&mut self, number: i64, outcome: Outcome, findings: &[Finding]) {
        let key = (outcome.to_value(), written(findings));
        self.0.entry(key).or_default().push(number);
    }

    pub(super) async fn write(
        self,
        connection: &impl ConnectionTrait,
        import_id: i64,
    ) -> Result<(), DbErr> {
        const NUMBERS: usize = 5_000;
        for ((outcome, findings), numbers) in self.0 {
            for numbers in numbers.chunks(NUMBERS) {
                import_row::Entity::update_many()
                    .col_expr(Field::Outcome, outcome.clone().into())
                    .col_expr(Field::Findings, Expr::value(findings.clone()))
                    .filter(Field::ImportId.eq(import_id))
                    .filter(Field::Number.is_in(numbers.iter().copied()))
                    .exec(connection)
                    .await?;
            }
        }
        Ok(())
    }
}

/// Findings as a row keeps them; nothing where there are none.
pub(super) fn written(findings: &[Finding]) -> Option<String> {
    if findings.is_empty() { None } else { serde_json::to_string(findings).ok() }
}

/// Moves one row from one count to another.
pub(super) fn recount(run: &mut import_run::Model, from: Outcome, to: Outcome) {
    *count(run, from) -= 1;
    *count(run, to) += 1;
}

pub(super) fn count(run: &mut import_run::Model, outcome: Outcome) -> &mut i64 {
    match outcome {
        Outcome::Create => &mut run.creates,
        Outcome::Change => &mut run.changes,
        Outcome::Same => &mut run.sames,
        Outcome::Conflict => &mut run.conflicts,
        Outcome::Refused => &mut run.refusals,
    }
}
