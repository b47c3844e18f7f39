//! The best statements about figures over the tables as they are kept: what regions come
//! to is the sums that are kept, which stand on the geography of each month, and the
//! observations of the few sites that have moved to another region since.

/// $1: the day.
pub(in crate::ceiling) const REGIONS: &str = "
    SELECT o.id,
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = o.id
            AND f.fact = 'NAME' AND f.valid_from <= $1 ORDER BY f.valid_from DESC LIMIT 1) AS name,
        (SELECT code FROM organisation_code c WHERE c.organisation_id = o.id
            AND c.scheme = 'ODS' AND c.valid_from <= $1
            AND (c.valid_to IS NULL OR c.valid_to > $1) LIMIT 1),
        COALESCE(n.active, 0), COALESCE(n.eligible, 0), COALESCE(n.dormant, 0)
    FROM organisation o
    LEFT JOIN (
        SELECT p.region_id, count(*) FILTER (WHERE f.status = 'ACTIVE') AS active,
            count(*) FILTER (WHERE f.status = 'ACTIVE' AND f.setting = '4') AS eligible,
            count(*) FILTER (WHERE f.status = 'DORMANT') AS dormant
        FROM placement p
        JOIN organisation s ON s.id = p.organisation_id AND s.kind = 'SITE'
        JOIN (
            SELECT organisation_id,
                substr(max(valid_from || value) FILTER (WHERE fact = 'STATUS'), 11) AS status,
                substr(max(valid_from || value) FILTER (WHERE fact = 'PRESCRIBING_SETTING'), 11)
                    AS setting
            FROM organisation_fact
            WHERE fact IN ('STATUS', 'PRESCRIBING_SETTING') AND valid_from <= $1
            GROUP BY 1) f ON f.organisation_id = p.organisation_id
        WHERE p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to > $1)
        GROUP BY 1) n ON n.region_id = o.id
    WHERE o.kind = 'REGION' ORDER BY name, o.id";

/// $1: the series; $2 and $3: the first and the last month; $4: the day.
pub(in crate::ceiling) const CELLS: &str = "
    WITH moved AS (
        SELECT was.organisation_id, was.region_id AS was, now.region_id AS is,
            CASE WHEN before.valid_from IS NULL THEN 0 ELSE
                extract(year FROM was.valid_from) * 100 + extract(month FROM was.valid_from)
                END::int AS first,
            (extract(year FROM was.valid_to) * 100 + extract(month FROM was.valid_to))::int AS past
        FROM placement was
        CROSS JOIN LATERAL (SELECT region_id FROM placement now
            WHERE now.organisation_id = was.organisation_id AND now.valid_from <= $4
            ORDER BY now.valid_from DESC LIMIT 1) now
        LEFT JOIN LATERAL (SELECT valid_from FROM placement before
            WHERE before.organisation_id = was.organisation_id
                AND before.valid_from < was.valid_from LIMIT 1) before ON true
        WHERE was.valid_to IS NOT NULL AND was.region_id IS DISTINCT FROM now.region_id
    ), cells AS (
        SELECT place_id, series_id, month, value, numerator, denominator
        FROM rollup
        WHERE series_id = ANY ($1) AND month BETWEEN $2 AND $3 AND basis = 'WITHIN'
            AND place_id = ANY (ARRAY(SELECT id FROM organisation WHERE kind = 'REGION'))
        UNION ALL
        SELECT side.place, o.series_id, o.month, side.sign * COALESCE(o.value, 0),
            side.sign * COALESCE(o.numerator, 0), side.sign * COALESCE(o.denominator, 0)
        FROM moved
        JOIN observation o ON o.organisation_id = moved.organisation_id
            AND o.series_id = ANY ($1) AND o.month BETWEEN $2 AND $3
            AND o.month >= moved.first AND o.month < moved.past
        CROSS JOIN LATERAL (VALUES (moved.was, -1), (moved.is, 1)) side (place, sign)
        WHERE NOT EXISTS (SELECT 1 FROM observation later
            WHERE later.organisation_id = o.organisation_id AND later.series_id = o.series_id
                AND later.month = o.month AND later.revision > o.revision)
    )
    SELECT place_id, series_id, month, sum(value)::bigint, sum(numerator)::bigint,
        sum(denominator)::bigint
    FROM cells WHERE place_id IS NOT NULL GROUP BY 1, 2, 3";

/// $1: the hub's slug; $2: the day; $3 to $5: the series.
pub(in crate::ceiling) const PORTAL: &str = "
    WITH hub AS (
        SELECT c.organisation_id AS id FROM organisation_code c
        WHERE c.scheme = 'SLUG' AND c.code = $1
            AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to > $2)
    ), page AS (
        SELECT p.organisation_id AS id, p.region_id, p.pcn_id, n.value AS name
        FROM hub
        JOIN placement p ON p.training_hub_id = hub.id
            AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2)
        JOIN organisation o ON o.id = p.organisation_id AND o.kind = 'SITE'
        CROSS JOIN LATERAL (SELECT value FROM organisation_fact f
            WHERE f.organisation_id = o.id AND f.fact = 'NAME' AND f.valid_from <= $2
            ORDER BY f.valid_from DESC LIMIT 1) n
        ORDER BY n.value, p.organisation_id LIMIT 50
    )
    SELECT hub.id,
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = hub.id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        page.id, page.name,
        (SELECT code FROM organisation_code c WHERE c.organisation_id = page.id
            AND c.scheme = 'ODS' AND c.valid_from <= $2
            AND (c.valid_to IS NULL OR c.valid_to > $2) LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = page.region_id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = page.pcn_id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT code FROM organisation_code c WHERE c.organisation_id = page.pcn_id
            AND c.scheme = 'ODS' AND c.valid_from <= $2
            AND (c.valid_to IS NULL OR c.valid_to > $2) LIMIT 1),
        one.month, one.value, one.numerator, one.denominator,
        two.month, two.value, two.numerator, two.denominator,
        three.month, three.value, three.numerator, three.denominator
    FROM hub LEFT JOIN page ON true
    LEFT JOIN LATERAL (SELECT month, value, numerator, denominator FROM observation
        WHERE organisation_id = page.id AND series_id = $3
        ORDER BY month DESC, revision DESC LIMIT 1) one ON true
    LEFT JOIN LATERAL (SELECT month, value, numerator, denominator FROM observation
        WHERE organisation_id = page.id AND series_id = $4
        ORDER BY month DESC, revision DESC LIMIT 1) two ON true
    LEFT JOIN LATERAL (SELECT month, value, numerator, denominator FROM observation
        WHERE organisation_id = page.id AND series_id = $5
        ORDER BY month DESC, revision DESC LIMIT 1) three ON true
    ORDER BY page.name, page.id";

/// Ids and moments rise together: where the moment lies is found by halving. Said as a
/// range of series and ids, the order is that of one index, and no other is used; said as
/// an alternative, the sites are looked up in a hash table, and not joined.
/// $1: the region's ODS code; $2: the series; $3: recorded since; $4: after; $5: the day.
pub(in crate::ceiling) const OBSERVATIONS: &str = "
    SELECT o.id, (SELECT code FROM organisation_code c WHERE c.organisation_id = o.organisation_id
            AND c.scheme = 'ODS' AND c.valid_from <= $5
            AND (c.valid_to IS NULL OR c.valid_to > $5) LIMIT 1),
        o.month, o.value, o.recorded_at
    FROM observation o
    WHERE (o.series_id, o.id) > ($2, GREATEST($4, (
            WITH RECURSIVE search (base, length) AS (
                SELECT min(id) - 1, max(id) - min(id) + 2 FROM observation
                UNION ALL
                SELECT CASE WHEN (SELECT each.recorded_at < $3 FROM observation each
                        WHERE each.id >= base + length / 2 ORDER BY each.id LIMIT 1)
                        THEN base + length / 2 ELSE base END,
                    length - length / 2
                FROM search WHERE length > 1)
            SELECT max(base) FROM search)))
        AND o.series_id <= $2 AND o.recorded_at >= $3
        AND (o.organisation_id = -1 OR o.organisation_id IN (
            SELECT p.organisation_id FROM placement p
            WHERE p.region_id = (SELECT organisation_id FROM organisation_code
                    WHERE scheme = 'ODS' AND code = $1 LIMIT 1)
                AND p.valid_from <= $5 AND (p.valid_to IS NULL OR p.valid_to > $5)))
        AND NOT EXISTS (SELECT 1 FROM observation later
            WHERE later.organisation_id = o.organisation_id AND later.series_id = o.series_id
                AND later.month = o.month AND later.revision > o.revision)
    ORDER BY o.series_id, o.id LIMIT 501";
