//! What was recorded before of a series of an organisation, month by month: what a new
//! figure is compared with.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::ids::{Month, OrganisationId};

/// How many series are looked up with one statement.
const SERIES: usize = 10_000;

/// The value of a series of an organisation in one month, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub(in crate::domain) struct Earlier {
    pub organisation_id: OrganisationId,
    pub series_id: i64,
    pub month: i32,
    pub value: i64,
}

/// The values that held of those series in those months, as far as observations go whose
/// ids are below `before`. Each series is one look into an index, whatever the database
/// takes the table to hold: within a turn that writes it, its statistics are of no use.
pub(in crate::domain) async fn earlier(
    connection: &impl ConnectionTrait,
    series: &[(OrganisationId, i64)],
    (first, last): (Month, Month),
    before: i64,
) -> Result<Vec<Earlier>, DbErr> {
    let mut found = Vec::new();
    let backend = connection.get_database_backend();
    for series in series.chunks(SERIES) {
        let (sql, wanted) = match backend {
            DbBackend::Postgres => (BY_ARRAYS, arrays(series)),
            _ => (BY_JSON, json(series)),
        };
        let bounds = [first.stored().into(), last.stored().into(), before.into()];
        let values = wanted.into_iter().map(Into::into).chain(bounds);
        let statement = Statement::from_sql_and_values(backend, sql, values);
        found.extend(Earlier::find_by_statement(statement).all(connection).await?);
    }
    Ok(found)
}

const BY_ARRAYS: &str = "
    SELECT wanted.organisation_id, wanted.series_id, held.month, held.value
    FROM unnest($1::text::bigint[], $2::text::bigint[]) AS wanted (organisation_id, series_id)
    CROSS JOIN LATERAL (SELECT DISTINCT ON (month) month, value FROM observation
        WHERE observation.organisation_id = wanted.organisation_id
        AND observation.series_id = wanted.series_id
        AND month BETWEEN $3 AND $4 AND id < $5
        ORDER BY month DESC, revision DESC) AS held
    WHERE held.value IS NOT NULL";

const BY_JSON: &str = "
    SELECT held.organisation_id, held.series_id, held.month, held.value
    FROM json_each(?1) AS wanted CROSS JOIN observation AS held
    WHERE held.organisation_id = wanted.value->>0 AND held.series_id = wanted.value->>1
    AND held.month BETWEEN ?2 AND ?3 AND held.id < ?4 AND held.value IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM observation AS later
        WHERE later.organisation_id = held.organisation_id
        AND later.series_id = held.series_id AND later.month = held.month
        AND later.revision > held.revision AND later.id < ?4)";

fn arrays(series: &[(OrganisationId, i64)]) -> Vec<String> {
    let array = |part: fn(&(OrganisationId, i64)) -> i64| {
        let numbers: Vec<String> = series.iter().map(|each| part(each).to_string()).collect();
        format!("{{{}}}", numbers.join(","))
    };
    vec![array(|(organisation, _)| *organisation), array(|(_, series)| *series)]
}

fn json(series: &[(OrganisationId, i64)]) -> Vec<String> {
    let list: Vec<String> = series.iter().map(|(who, what)| format!("[{who},{what}]")).collect();
    vec![format!("[{}]", list.join(","))]
}
