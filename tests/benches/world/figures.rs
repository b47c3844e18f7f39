//! The figures that the benchmarks ask about: twelve metrics of every site, month after
//! month to the end of 2025, written by the database itself. Their sums are made by
//! statements of their own, which know nothing of how the service keeps them; whether
//! the two agree is what `--check` asks.

use anyhow::{Context, ensure};
use api::{app, cli::Cli, clock::Clock, config::Config, domain::observations::check};
use tokio_postgres::{Client, NoTls};

/// All of them are observed of sites and say nothing about people.
pub(crate) const METRICS: [&str; 12] = [
    "bench.engaged",
    "bench.training",
    "bench.in_post",
    "bench.sustained",
    "bench.adopters",
    "bench.lapsed",
    "bench.covered",
    "impact.gp_hours_released",
    "impact.appointments_released",
    "impact.letters_to_gp_share",
    "impact.misrouted_rate",
    "impact.gp_correspondence_minutes",
];

/// The last month that everybody has reported.
const LAST_YEAR: i32 = 2025;
/// Five years of months make 4.7 million; growth is further years before them.
const YEARS: i32 = 5;

/// The months and the sites, numbered, and what each metric's figures look like. A site
/// reports around the tenth day of the month that follows.
const SCAFFOLD: &str = "
    CREATE UNLOGGED TABLE bench_site AS
        SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS nth
        FROM organisation WHERE kind = 'SITE' AND source = 'ODS';
    CREATE UNLOGGED TABLE bench_month AS
        SELECT (extract(year FROM first) * 100 + extract(month FROM first))::int AS month,
            first::date AS first,
            (first + interval '1 month' - interval '1 day')::date AS last_day,
            (row_number() OVER (ORDER BY first) - 1)::int AS nth
        FROM generate_series($FROM, $TO, interval '1 month') first;
    CREATE UNLOGGED TABLE bench_metric AS
        SELECT series_id, id AS version_id, (row_number() OVER (ORDER BY code) - 1)::int AS nth,
            aggregation = 'RATIO_OF_SUMS' AS ratio,
            CASE unit WHEN 'PERCENT' THEN 100 ELSE 1 END AS units,
            CASE WHEN code = 'bench.covered' THEN 9000 WHEN code LIKE 'impact.%' THEN 80
                ELSE 2 END AS most
        FROM metric_version WHERE code = ANY (ARRAY[$METRICS]) AND state = 'PUBLISHED';
    CREATE UNLOGGED TABLE bench_place AS
        SELECT s.id, m.month, p.pcn_id, p.sub_icb_id, p.icb_id, p.training_hub_id, p.region_id
        FROM bench_site s CROSS JOIN bench_month m
        CROSS JOIN LATERAL (
            SELECT * FROM placement p WHERE p.organisation_id = s.id
            ORDER BY p.valid_from > m.last_day,
                CASE WHEN p.valid_from <= m.last_day THEN m.last_day - p.valid_from
                    ELSE p.valid_from - m.last_day END
            LIMIT 1) p;
    CREATE INDEX ON bench_place (id, month);
    ANALYZE bench_site; ANALYZE bench_month; ANALYZE bench_metric; ANALYZE bench_place";

/// One audit row and one change stand for all of it. A figure in fifty says nil.
const OBSERVATIONS: &str = "
    INSERT INTO audit (at, request_id, issuer, subject, role, action)
        VALUES ('2021-01-01Z', 'bench', '', 'bench', 'programme_team', 'RECORD_OBSERVATIONS');
    INSERT INTO observation (id, series_id, version_id, organisation_id, month, revision, state,
        value, numerator, denominator, status, source, recorded_at, audit_id)
    SELECT first.next + (m.nth::bigint * sites.count + s.nth) * metrics.count + k.nth,
        k.series_id, k.version_id, s.id, m.month, 1,
        CASE WHEN said.nil THEN 'NIL' ELSE 'VALUE' END,
        CASE WHEN said.nil THEN NULL
            WHEN k.ratio THEN (said.above * k.units * 1000000 + said.below / 2) / said.below
            ELSE said.above END,
        CASE WHEN k.ratio AND NOT said.nil THEN said.above END,
        CASE WHEN k.ratio AND NOT said.nil THEN said.below END,
        'APPROVED', 'RETURN',
        m.last_day + interval '10 days' + s.nth * interval '1 second',
        (SELECT max(id) FROM audit)
    FROM bench_month m CROSS JOIN bench_site s CROSS JOIN bench_metric k
    CROSS JOIN (SELECT next FROM row_id) first
    CROSS JOIN (SELECT count(*) FROM bench_site) sites
    CROSS JOIN (SELECT count(*) FROM bench_metric) metrics
    CROSS JOIN LATERAL (SELECT (s.nth + m.nth * 7 + k.nth * 3) % 50 = 0 AS nil,
        (s.nth * 31 + m.nth * 17 + k.nth * 7) % k.most * 1000000::bigint AS above,
        (80 + (s.nth * 13 + m.nth * 5) % 40) * 1000000::bigint AS below) said
    ORDER BY m.nth, s.nth, k.nth;
    INSERT INTO change (position, at, audit_id, organisation_id, change_type, effective_on, after)
        SELECT (SELECT max(position) + 1 FROM change), at, audit.id,
            (SELECT id FROM organisation WHERE kind = 'PROGRAMME'), 'FIGURES_RECORDED',
            $FROM, 'everything'
        FROM audit ORDER BY audit.id DESC LIMIT 1;
    UPDATE row_id SET next = (SELECT max(id) + 1 FROM observation),
        figures_position = (SELECT max(position) FROM change)";

/// The sums of one level of places; `$PLACE` is a column of the placements, or England.
const SUMS: &str = "
    INSERT INTO rollup (series_id, place_id, month, status, basis, reported, nil, not_applicable,
        value, numerator, denominator, recorded_at)
    SELECT o.series_id, $PLACE, o.month, o.status, 'WITHIN', count(*),
        count(*) FILTER (WHERE o.state = 'NIL'), 0, sum(COALESCE(o.value, 0)),
        sum(COALESCE(o.numerator, 0)), sum(COALESCE(o.denominator, 0)), max(o.recorded_at)
    FROM observation o JOIN bench_place p ON p.id = o.organisation_id AND p.month = o.month
    WHERE $PLACE IS NOT NULL
    GROUP BY 1, 2, 3, 4";
const PLACES: [&str; 6] = [
    "p.pcn_id",
    "p.sub_icb_id",
    "p.icb_id",
    "p.training_hub_id",
    "p.region_id",
    "(SELECT id FROM organisation WHERE kind = 'PROGRAMME')",
];

/// Fills in so many million observations: 4.7, or ten times as many.
pub(crate) async fn fill(url: &str, millions: f64) -> anyhow::Result<()> {
    let years = (millions / 4.7 * f64::from(YEARS)).round() as i32;
    ensure!((1..=100).contains(&years), "{millions} million observations are {years} years");
    let from = format!("timestamp '{}-01-01'", LAST_YEAR + 1 - years);
    let to = format!("timestamp '{LAST_YEAR}-12-01'");
    let metrics = METRICS.map(|code| format!("'{code}'")).join(", ");
    let text = |statement: &str| {
        let statement = statement.replace("$FROM", &from).replace("$TO", &to);
        statement.replace("$METRICS", &metrics)
    };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let running = tokio::spawn(connection);
    // What refers to what is right by the way it is made; looking it up takes minutes.
    client.batch_execute("SET session_replication_role = replica; SET work_mem = '256MB'").await?;
    client.batch_execute(&text(SCAFFOLD)).await.context("what figures are made of")?;
    let indexes = take_away_indexes(&client).await?;
    client.batch_execute(&text(OBSERVATIONS)).await.context("observations")?;
    client.batch_execute(&indexes).await.context("indexes of the observations")?;
    for place in PLACES {
        client.batch_execute(&SUMS.replace("$PLACE", place)).await.context("sums")?;
    }
    let done = "DROP TABLE bench_site, bench_month, bench_metric, bench_place; VACUUM ANALYZE";
    for statement in done.split("; ") {
        client.batch_execute(statement).await?;
    }
    drop(client);
    Ok(running.await??)
}

/// Takes back what earlier runs recorded after the end, so that this one finds the
/// database as it was filled.
pub(crate) async fn take_back(url: &str) -> anyhow::Result<()> {
    let later = LAST_YEAR * 100 + 12;
    let statements = format!(
        "SET session_replication_role = replica;
        DELETE FROM observation WHERE month > {later}; DELETE FROM rollup WHERE month > {later}"
    );
    crate::ceiling::run(url, &statements).await
}

/// Drops the indexes of the observations; gives the statements that make them again.
async fn take_away_indexes(client: &Client) -> anyhow::Result<String> {
    let asked = "
        SELECT format('ALTER TABLE observation DROP CONSTRAINT %I', conname),
            format('ALTER TABLE observation ADD CONSTRAINT %I %s', conname,
                pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = 'observation'::regclass AND contype = 'u'
        UNION ALL
        SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
        WHERE tablename = 'observation' AND indexname NOT IN (SELECT conname FROM pg_constraint
            WHERE conrelid = 'observation'::regclass)";
    let mut again = Vec::new();
    for row in client.query(asked, &[]).await? {
        client.batch_execute(row.get(0)).await?;
        again.push(row.get::<_, String>(1));
    }
    Ok(again.join("; "))
}

/// Whether the service's own recomputation comes to the sums that were written here.
pub(crate) async fn check(url: &str) -> anyhow::Result<String> {
    let cli = Cli::read(["gpa", "--database-url", url])?;
    let nothing: [(String, String); 0] = [];
    let config = Config::from_sources(&cli.settings, nothing)?;
    let store = app::open_store(&config, Clock::machine()).await?;
    let checked = check::rollups(&app::operator(&store)).await;
    let checked = checked.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    store.close().await;
    let (observations, sums) = (checked.observations, checked.sums);
    let differences = checked.differences.len();
    ensure!(differences == 0, "{differences} of {sums} sums differ: {:?}", checked.differences[0]);
    Ok(format!("{observations} observations, {sums} sums, and no difference."))
}
