//! The ceiling of recording: what the service writes for twelve figures of a site, in one
//! statement between the taking of the lock and the commit, sent together.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Connection, Pool, answers::Answer, failed, written};

/// The figures that hold are looked up, revisions follow them, and what they take away
/// and add is added to the sums of every place above.
/// $1: the site's code; $2: the month; $3 to $7: series, versions, values, numerators and
/// denominators; $8: the key; $9: its digest; $10: its answer; $11: what the feed says.
pub(super) const RECORD: &str = "
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
            WITH ORDINALITY a (series_id, version_id, value, numerator, denominator, nth)
    ), site AS MATERIALIZED (
        SELECT c.organisation_id AS id, p.pcn_id, p.sub_icb_id, p.icb_id, p.training_hub_id,
            p.region_id
        FROM organisation_code c
        CROSS JOIN LATERAL (SELECT * FROM placement p WHERE p.organisation_id = c.organisation_id
            AND p.valid_from <= make_date($2 / 100, $2 % 100, 28)
            ORDER BY p.valid_from DESC LIMIT 1) p
        WHERE c.scheme = 'ODS' AND c.code = $1 AND c.valid_to IS NULL
    ), before AS MATERIALIZED (
        SELECT asked.nth, o.* FROM site CROSS JOIN asked
        CROSS JOIN LATERAL (SELECT revision, status, state, value, numerator, denominator
            FROM observation o WHERE o.organisation_id = site.id
                AND o.series_id = asked.series_id AND o.month = $2
            ORDER BY revision DESC LIMIT 1) o
    ), reached AS (
        UPDATE row_id SET next = next + (SELECT count(*) FROM asked),
            figures_position = (SELECT COALESCE(max(position), 0) + 1 FROM change)
        RETURNING next AS past, figures_position
    ), audited AS (
        INSERT INTO audit (at, request_id, issuer, subject, role, action, organisation_id)
        SELECT clock_timestamp(), $8, 'gpa', 'local', 'programme_team', 'RECORD_OBSERVATIONS', id
        FROM site RETURNING id, at
    ), observed AS (
        INSERT INTO observation (id, series_id, version_id, organisation_id, month, revision,
            state, value, numerator, denominator, status, source, recorded_at, audit_id)
        SELECT reached.past - asked.nth, asked.series_id, asked.version_id, site.id, $2,
            COALESCE(before.revision, 0) + 1, 'VALUE', asked.value, asked.numerator,
            asked.denominator, 'PROVISIONAL', 'RECORDED', audited.at, audited.id
        FROM asked LEFT JOIN before USING (nth), site, reached, audited
    ), summed AS (
        INSERT INTO rollup (series_id, place_id, month, status, basis, reported, nil,
            not_applicable, value, numerator, denominator, recorded_at)
        SELECT delta.series_id, place.id, $2, delta.status, 'WITHIN', sum(delta.reported),
            sum(delta.nil), 0, sum(delta.value), sum(delta.numerator), sum(delta.denominator),
            (SELECT at FROM audited)
        FROM (
            SELECT series_id, 'PROVISIONAL' AS status, 1 AS reported, 0 AS nil, value,
                COALESCE(numerator, 0) AS numerator, COALESCE(denominator, 0) AS denominator
            FROM asked
            UNION ALL
            SELECT asked.series_id, before.status, -1, -(before.state = 'NIL')::int,
                -COALESCE(before.value, 0), -COALESCE(before.numerator, 0),
                -COALESCE(before.denominator, 0)
            FROM before JOIN asked USING (nth)
        ) delta
        CROSS JOIN site
        CROSS JOIN LATERAL (VALUES (site.pcn_id), (site.sub_icb_id), (site.icb_id),
            (site.training_hub_id), (site.region_id),
            ((SELECT id FROM organisation WHERE kind = 'PROGRAMME'))) place (id)
        WHERE place.id IS NOT NULL
        GROUP BY 1, 2, 4
        ORDER BY 1, 2, 4
        ON CONFLICT (series_id, place_id, month, status, basis) DO UPDATE SET
            reported = rollup.reported + excluded.reported, nil = rollup.nil + excluded.nil,
            value = rollup.value + excluded.value,
            numerator = rollup.numerator + excluded.numerator,
            denominator = rollup.denominator + excluded.denominator,
            recorded_at = excluded.recorded_at
    ), told AS (
        INSERT INTO change (position, at, audit_id, organisation_id, change_type, effective_on,
            after)
        SELECT reached.figures_position, audited.at, audited.id, site.id, 'FIGURES_RECORDED',
            make_date($2 / 100, $2 % 100, 1), $11
        FROM reached, audited, site
    ), kept AS (
        INSERT INTO idempotency_key (caller, key, request_digest, outcome_id, answer, at)
        SELECT 'gpa local', $8, $9, 0, $10, at FROM audited
    )
    SELECT before.nth IS NULL FROM asked LEFT JOIN before USING (nth) ORDER BY asked.nth";

/// A command like the service's own, for one site and month.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Record {
    pub key: String,
    pub site: String,
    pub month: i32,
    pub items: Vec<Item>,
}

/// Amounts in millionths.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Item {
    pub metric: String,
    pub value: i64,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordAnswer {
    record_observations: Recorded,
}

#[derive(Serialize)]
struct Recorded {
    refused: i32,
    outcomes: Vec<Outcome>,
}

#[derive(Serialize)]
struct Outcome {
    index: usize,
    result: &'static str,
}

pub(super) async fn record(
    pool: Data<Pool>,
    asked: Json<Record>,
) -> actix_web::Result<HttpResponse> {
    let Record { key, site, month, items } = &*asked;
    let digest = Sha256::digest(format!("recordObservations\n{asked:?}"));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let metrics: Vec<_> =
        items.iter().map(|item| pool.catalogue.find(&item.metric)).collect::<Result<_, _>>()?;
    let series: Vec<i64> = metrics.iter().map(|metric| metric.series).collect();
    let versions: Vec<i64> = metrics.iter().map(|metric| metric.version).collect();
    let values: Vec<i64> = items.iter().map(|item| item.value).collect();
    let above: Vec<Option<i64>> = items.iter().map(|item| item.numerator).collect();
    let below: Vec<Option<i64>> = items.iter().map(|item| item.denominator).collect();
    let answer = format!(r#"{{"recorded":{}}}"#, items.len());
    let words: Vec<_> = items.iter().map(|item| format!("{} {month}", item.metric)).collect();
    let words = words.join(", ");

    let connection = pool.writing.lock().await;
    let Connection { client, prepared } = &*connection;
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 11] =
        [site, month, &series, &versions, &values, &above, &below, key, &digest, &answer, &words];
    let (begun, rows, committed) = tokio::join!(
        client.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(1)"),
        client.query(&prepared.record, &parameters),
        client.batch_execute("COMMIT"),
    );
    drop(connection);
    begun.map_err(failed)?;
    let rows = rows.map_err(failed)?;
    committed.map_err(failed)?;
    let outcome = |(index, row): (usize, &tokio_postgres::Row)| {
        let result = if row.get(0) { "CREATED" } else { "CHANGED" };
        Outcome { index, result }
    };
    let outcomes = rows.iter().enumerate().map(outcome).collect();
    let recorded = Recorded { refused: 0, outcomes };
    written(&Answer { data: RecordAnswer { record_observations: recorded } })
}
