//! Where observations since a moment begin among all of them. Ids rise in the order of
//! commits, and so does the moment of recording, but for clocks that differ: the place is
//! found by halving, a day early, and whoever reads from there on looks at each row's
//! moment all the same.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

/// More than clocks of different instances ever differ.
const MARGIN: TimeDelta = TimeDelta::days(1);

/// An id below those of all that were recorded at that moment or later.
pub(super) async fn before(
    connection: &DatabaseConnection,
    since: DateTime<Utc>,
) -> Result<i64, DbErr> {
    const SEARCH: &str = "
        WITH RECURSIVE search (base, length) AS (
            SELECT MIN(id) - 1, MAX(id) - MIN(id) + 2 FROM observation
            UNION ALL
            SELECT CASE WHEN (SELECT each.recorded_at < $1 FROM observation AS each
                    WHERE each.id >= base + length / 2 ORDER BY each.id LIMIT 1)
                    THEN base + length / 2 ELSE base END,
                length - length / 2
            FROM search WHERE length > 1
        )
        SELECT MAX(base) FROM search";
    let backend = connection.get_database_backend();
    let Some(moment) = since.checked_sub_signed(MARGIN) else { return Ok(i64::MIN) };
    let statement = Statement::from_sql_and_values(backend, SEARCH, [moment.into()]);
    let row = connection.query_one_raw(statement).await?;
    let found: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(found.unwrap_or(i64::MIN))
}
