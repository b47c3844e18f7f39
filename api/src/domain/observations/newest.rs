//! The newest figures of many organisations at once.

use std::collections::{HashMap, HashSet};

use entity::observation::{self, Column, State};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Statement,
};

use super::{
    latest::{Latest, latest_of},
    rows::ObservationRow,
};
use crate::{domain::viewer::Viewer, ids::OrganisationId};

/// The newest month that each organisation has said something of each series, by
/// organisation and series: one query for all of them, which reads no more than it gives.
pub(in crate::domain) async fn newest(
    viewer: &Viewer,
    organisations: &[OrganisationId],
    series: &[i64],
) -> Result<HashMap<(OrganisationId, i64), observation::Model>, DbErr> {
    let connection = &viewer.store().reader;
    let statement = last_rows(connection.get_database_backend(), organisations, series);
    let mut found = HashMap::new();
    let mut taken_back = HashSet::new();
    for ObservationRow(row) in ObservationRow::find_by_statement(statement).all(connection).await? {
        let key = (row.organisation_id, row.series_id);
        if row.state == State::Withdrawn {
            taken_back.insert(key);
        } else {
            found.insert(key, row);
        }
    }
    for (organisation, series) in taken_back {
        if let Some(row) = last_that_stands(connection, organisation, series).await? {
            found.insert((organisation, series), row);
        }
    }
    Ok(found)
}

/// The last revision of the last month, whatever it says. The lists are sent as texts, so
/// that one prepared statement serves any number of them.
fn last_rows(backend: DbBackend, organisations: &[OrganisationId], series: &[i64]) -> Statement {
    const ON_POSTGRES: &str = "
        SELECT o.id, o.series_id, o.version_id, o.organisation_id, o.month, o.revision, o.state,
            o.value, o.numerator, o.denominator, o.status, o.source, o.recorded_at, o.audit_id,
            o.return_id, o.import_id, o.note
        FROM unnest(string_to_array($1, ',')::bigint[]) AS whose (id)
        CROSS JOIN unnest(string_to_array($2, ',')::bigint[]) AS of_series (id)
        CROSS JOIN LATERAL (SELECT * FROM observation each
            WHERE each.organisation_id = whose.id AND each.series_id = of_series.id
            ORDER BY each.month DESC, each.revision DESC LIMIT 1) AS o";
    const ON_SQLITE: &str = "
        SELECT o.id, o.series_id, o.version_id, o.organisation_id, o.month, o.revision, o.state,
            o.value, o.numerator, o.denominator, o.status, o.source, o.recorded_at, o.audit_id,
            o.return_id, o.import_id, o.note
        FROM json_each('[' || $1 || ']') AS whose
        CROSS JOIN json_each('[' || $2 || ']') AS of_series
        JOIN observation AS o ON o.id = (SELECT each.id FROM observation AS each
            WHERE each.organisation_id = whose.value AND each.series_id = of_series.value
            ORDER BY each.month DESC, each.revision DESC LIMIT 1)";
    let text = if backend == DbBackend::Postgres { ON_POSTGRES } else { ON_SQLITE };
    Statement::from_sql_and_values(backend, text, [listed(organisations), listed(series)])
}

fn listed(ids: &[i64]) -> sea_orm::Value {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    ids.join(",").into()
}

/// Where the last month was taken back, the one before counts: looked up by itself, as it
/// is seldom so.
async fn last_that_stands(
    connection: &DatabaseConnection,
    organisation: OrganisationId,
    series: i64,
) -> Result<Option<observation::Model>, DbErr> {
    let (organisations, series) = ([organisation], [series]);
    let wanted =
        Latest { series: Some(&series), organisations: Some(&organisations), ..Latest::default() };
    let said = latest_of(&wanted).filter(Column::State.ne(State::Withdrawn));
    said.order_by_desc(Column::Month).limit(1).one(connection).await
}
