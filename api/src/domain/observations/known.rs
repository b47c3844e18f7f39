//! What is recorded of figures already.

use std::collections::{BTreeSet, HashMap};

use entity::observation;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use super::{
    entry::Entry,
    latest::{Latest, read},
};
use crate::{
    domain::turn::Turn,
    ids::{Month, OrganisationId},
};

/// How many organisations' figures are looked up at once.
const AT_ONCE: usize = 500;
/// From so many entries on each figure is looked up by itself: what they speak of
/// together may be far more than what they say.
const MANY: usize = 1_000;
/// How many figures are looked up with one statement.
const FIGURES: usize = 10_000;

/// Which figure: of whom, of which series, of which month.
pub(in crate::domain) type Figure = (OrganisationId, i64, Month);

/// What is recorded of a figure already.
pub(in crate::domain) type Known = HashMap<Figure, observation::Model>;

impl Entry {
    pub(in crate::domain) fn figure(&self) -> Figure {
        (self.organisation.id(), self.definition.row.series_id, self.month)
    }
}

/// The figures that hold for what the entries speak of.
pub(in crate::domain) async fn known(turn: &Turn, entries: &[Entry]) -> Result<Known, DbErr> {
    let mut known = Known::new();
    if !turn.has_figures() {
        return Ok(known);
    }
    if entries.len() >= MANY {
        let figures: Vec<_> = entries.iter().map(Entry::figure).collect();
        return holding(turn.connection(), &figures).await;
    }
    let organisations: BTreeSet<_> = entries.iter().map(|entry| entry.organisation.id()).collect();
    let series: BTreeSet<_> = entries.iter().map(|entry| entry.definition.row.series_id).collect();
    let series: Vec<_> = series.into_iter().collect();
    let months = || entries.iter().map(|entry| entry.month);
    let (Some(first), Some(last)) = (months().min(), months().max()) else { return Ok(known) };
    let organisations: Vec<_> = organisations.into_iter().collect();
    for organisations in organisations.chunks(AT_ONCE) {
        let wanted = Latest {
            series: Some(&series),
            organisations: Some(organisations),
            months: Some((first, last)),
            known_at: None,
        };
        take(&mut known, read(turn.connection(), &wanted).await?);
    }
    Ok(known)
}

/// What holds of each of these figures; each is one look into an index.
pub(in crate::domain) async fn holding(
    connection: &impl ConnectionTrait,
    figures: &[Figure],
) -> Result<Known, DbErr> {
    let mut known = Known::new();
    let backend = connection.get_database_backend();
    for figures in figures.chunks(FIGURES) {
        let statement = match backend {
            DbBackend::Postgres => by_arrays(figures),
            _ => by_json(figures),
        };
        take(&mut known, observation::Model::find_by_statement(statement).all(connection).await?);
    }
    Ok(known)
}

fn take(known: &mut Known, rows: Vec<observation::Model>) {
    for row in rows {
        if let Some(month) = Month::read(row.month) {
            known.insert((row.organisation_id, row.series_id, month), row);
        }
    }
}

fn by_arrays(figures: &[Figure]) -> Statement {
    const SQL: &str = "SELECT held.* FROM unnest($1::text::bigint[], $2::text::bigint[], \
                       $3::text::integer[]) AS wanted (organisation_id, series_id, month) \
                       CROSS JOIN LATERAL (SELECT * FROM observation \
                       WHERE observation.organisation_id = wanted.organisation_id \
                       AND observation.series_id = wanted.series_id \
                       AND observation.month = wanted.month \
                       ORDER BY revision DESC LIMIT 1) AS held";
    let array = |part: fn(&Figure) -> i64| {
        let numbers: Vec<String> = figures.iter().map(|each| part(each).to_string()).collect();
        format!("{{{}}}", numbers.join(",")).into()
    };
    let arrays = [
        array(|(organisation, _, _)| *organisation),
        array(|(_, series, _)| *series),
        array(|(_, _, month)| month.stored().into()),
    ];
    Statement::from_sql_and_values(DbBackend::Postgres, SQL, arrays)
}

fn by_json(figures: &[Figure]) -> Statement {
    const SQL: &str = "SELECT held.* FROM json_each(?1) AS wanted \
                       CROSS JOIN observation AS held \
                       WHERE held.organisation_id = wanted.value->>0 \
                       AND held.series_id = wanted.value->>1 AND held.month = wanted.value->>2 \
                       AND NOT EXISTS (SELECT 1 FROM observation AS later \
                       WHERE later.organisation_id = held.organisation_id \
                       AND later.series_id = held.series_id AND later.month = held.month \
                       AND later.revision > held.revision)";
    let each = |(organisation, series, month): &Figure| {
        format!("[{organisation},{series},{}]", month.stored())
    };
    let list: Vec<String> = figures.iter().map(each).collect();
    let list = format!("[{}]", list.join(","));
    Statement::from_sql_and_values(DbBackend::Sqlite, SQL, [list.into()])
}
