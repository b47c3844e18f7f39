//! What the figures of some organisations come to together, group by group, added up by
//! the database: what leaves it does not grow with how many organisations there are.

use chrono::{DateTime, Utc};
use entity::observation::Status;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Statement};

use super::rollups::Sums;
use crate::ids::{Month, OrganisationId};

/// How many members are looked up with one statement.
const MEMBERS: usize = 5_000;

/// An organisation whose figures of some months belong to a group.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain) struct Member {
    pub organisation: OrganisationId,
    pub months: (Month, Month),
    pub group: usize,
}

/// What the figures of one status come to in a group. One group may come several times.
#[derive(Debug)]
pub(in crate::domain) struct Summed {
    pub series: i64,
    pub group: usize,
    pub month: Month,
    pub status: Status,
    pub sums: Sums,
    pub recorded_at: DateTime<Utc>,
}

/// What holds now of those series.
pub(in crate::domain) async fn summed(
    connection: &impl ConnectionTrait,
    series: &[i64],
    members: &[Member],
) -> Result<Vec<Summed>, DbErr> {
    let backend = connection.get_database_backend();
    let series = series.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let mut found = Vec::new();
    for members in members.chunks(MEMBERS) {
        let (held, values) = match backend {
            DbBackend::Postgres => (BY_ARRAYS, arrays(&series, members)),
            _ => (BY_JSON, json(&series, members)),
        };
        let statement = Statement::from_sql_and_values(backend, format!("{SUMS}{held}"), values);
        let rows = Row::find_by_statement(statement).all(connection).await?;
        found.extend(rows.into_iter().filter_map(|Row(row)| row));
    }
    Ok(found)
}

const SUMS: &str = "
    SELECT held.series_id, held.part, held.month, held.status,
        CAST(SUM(CASE WHEN held.state IN ('VALUE', 'NIL') THEN 1 ELSE 0 END) AS integer),
        CAST(SUM(CASE WHEN held.state = 'NIL' THEN 1 ELSE 0 END) AS integer),
        CAST(SUM(CASE WHEN held.state = 'NOT_APPLICABLE' THEN 1 ELSE 0 END) AS integer),
        CAST(SUM(COALESCE(held.value, 0)) AS bigint),
        CAST(SUM(COALESCE(held.numerator, 0)) AS bigint),
        CAST(SUM(COALESCE(held.denominator, 0)) AS bigint),
        MAX(held.recorded_at) ";

const BY_ARRAYS: &str = "
    FROM (SELECT series.id AS series_id, wanted.part, latest.*
        FROM unnest($2::text::bigint[], $3::text::integer[], $4::text::integer[],
            $5::text::bigint[]) AS wanted (organisation_id, first, last, part)
        CROSS JOIN unnest($1::text::bigint[]) AS series (id)
        CROSS JOIN LATERAL (SELECT DISTINCT ON (month) month, status, state, value, numerator,
            denominator, recorded_at FROM observation
            WHERE observation.organisation_id = wanted.organisation_id
            AND observation.series_id = series.id
            AND month BETWEEN wanted.first AND wanted.last
            ORDER BY month DESC, revision DESC) AS latest) AS held
    GROUP BY held.series_id, held.part, held.month, held.status";

const BY_JSON: &str = "
    FROM (SELECT wanted.value->>3 AS part, latest.*
        FROM json_each(?2) AS wanted CROSS JOIN json_each(?1) AS series
        CROSS JOIN observation AS latest
        WHERE latest.organisation_id = wanted.value->>0 AND latest.series_id = series.value
        AND latest.month BETWEEN wanted.value->>1 AND wanted.value->>2
        AND NOT EXISTS (SELECT 1 FROM observation AS later
            WHERE later.organisation_id = latest.organisation_id
            AND later.series_id = latest.series_id AND later.month = latest.month
            AND later.revision > latest.revision)) AS held
    GROUP BY held.series_id, held.part, held.month, held.status";

fn arrays(series: &str, members: &[Member]) -> Vec<sea_orm::Value> {
    let array = |part: fn(&Member) -> i64| {
        let numbers: Vec<String> = members.iter().map(|each| part(each).to_string()).collect();
        format!("{{{}}}", numbers.join(",")).into()
    };
    vec![
        format!("{{{series}}}").into(),
        array(|each| each.organisation),
        array(|each| each.months.0.stored().into()),
        array(|each| each.months.1.stored().into()),
        array(|each| i64::try_from(each.group).unwrap_or(i64::MAX)),
    ]
}

fn json(series: &str, members: &[Member]) -> Vec<sea_orm::Value> {
    let each = |Member { organisation, months: (first, last), group }: &Member| {
        format!("[{organisation},{},{},{group}]", first.stored(), last.stored())
    };
    let list: Vec<String> = members.iter().map(each).collect();
    vec![format!("[{series}]").into(), format!("[{}]", list.join(",")).into()]
}

/// A row, unless it is of no month or group that there is.
struct Row(Option<Summed>);

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let (group, month): (i64, i32) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let (Ok(group), Some(month)) = (usize::try_from(group), Month::read(month)) else {
            return Ok(Self(None));
        };
        Ok(Self(Some(Summed {
            series: row.try_get_by_index(0)?,
            group,
            month,
            status: row.try_get_by_index(3)?,
            sums: Sums {
                reported: row.try_get_by_index(4)?,
                nil: row.try_get_by_index(5)?,
                not_applicable: row.try_get_by_index(6)?,
                value: row.try_get_by_index(7)?,
                numerator: row.try_get_by_index(8)?,
                denominator: row.try_get_by_index(9)?,
            },
            recorded_at: row.try_get_by_index(10)?,
        })))
    }
}
