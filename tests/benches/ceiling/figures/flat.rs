//! The best statements about figures over tables made for these questions alone: what
//! regions come to is kept on today's geography, and the newest revisions apart.

/// Beside the flat table of organisations, which must be there.
pub(in crate::ceiling) const PREPARE: &str = "
    CREATE TABLE IF NOT EXISTS ceiling_cell AS
        SELECT now.region_id, o.series_id, o.month, sum(COALESCE(o.value, 0))::bigint AS value,
            sum(COALESCE(o.numerator, 0))::bigint AS numerator,
            sum(COALESCE(o.denominator, 0))::bigint AS denominator
        FROM observation o
        JOIN (SELECT DISTINCT ON (organisation_id) organisation_id, region_id FROM placement
            WHERE valid_from <= current_date
            ORDER BY organisation_id, valid_from DESC) now USING (organisation_id)
        WHERE now.region_id IS NOT NULL AND o.revision = 1
        GROUP BY 1, 2, 3;
    CREATE UNIQUE INDEX IF NOT EXISTS ceiling_cells ON ceiling_cell
        (series_id, month, region_id) INCLUDE (value, numerator, denominator);";

/// $1: the day, which the table has in it already.
pub(in crate::ceiling) const REGIONS: &str = "
    SELECT region.id, region.name, region.code, COALESCE(n.active, 0), COALESCE(n.eligible, 0),
        COALESCE(n.dormant, 0)
    FROM ceiling region
    LEFT JOIN (SELECT region_id, count(*) FILTER (WHERE status = 'ACTIVE') AS active,
            count(*) FILTER (WHERE status = 'ACTIVE' AND setting = '4') AS eligible,
            count(*) FILTER (WHERE status = 'DORMANT') AS dormant
        FROM ceiling WHERE kind = 'SITE' GROUP BY 1) n ON n.region_id = region.id
    WHERE region.kind = 'REGION' AND $1::date IS NOT NULL ORDER BY region.name, region.id";

/// $1: the series; $2 and $3: the first and the last month; $4: the day, as above.
pub(in crate::ceiling) const CELLS: &str = "
    SELECT region_id, series_id, month, value, numerator, denominator FROM ceiling_cell
    WHERE series_id = ANY ($1) AND month BETWEEN $2 AND $3 AND $4::date IS NOT NULL";

/// $1: the hub's slug; $2: the day, as above; $3 to $5: the series.
pub(in crate::ceiling) const PORTAL: &str = "
    SELECT hub.id, hub.name, page.id, page.name, page.code, region.name, pcn.name, pcn.code,
        one.month, one.value, one.numerator, one.denominator,
        two.month, two.value, two.numerator, two.denominator,
        three.month, three.value, three.numerator, three.denominator
    FROM ceiling hub
    LEFT JOIN LATERAL (SELECT * FROM ceiling site
        WHERE site.training_hub_id = hub.id AND site.kind = 'SITE'
        ORDER BY site.name, site.id LIMIT 50) page ON true
    LEFT JOIN ceiling region ON region.id = page.region_id
    LEFT JOIN ceiling pcn ON pcn.id = page.pcn_id
    LEFT JOIN LATERAL (SELECT month, value, numerator, denominator FROM observation
        WHERE organisation_id = page.id AND series_id = $3
        ORDER BY month DESC, revision DESC LIMIT 1) one ON true
    LEFT JOIN LATERAL (SELECT month, value, numerator, denominator FROM observation
        WHERE organisation_id = page.id AND series_id = $4
        ORDER BY month DESC, revision DESC LIMIT 1) two ON true
    LEFT JOIN LATERAL (SELECT month, value, numerator, denominator FROM observation
        WHERE organisation_id = page.id AND series_id = $5
        ORDER BY month DESC, revision DESC LIMIT 1) three ON true
    WHERE hub.slug = $1 AND $2::date IS NOT NULL ORDER BY page.name, page.id";

/// Ids and moments rise together: where the moment lies is found by halving. Said as a
/// range of series and ids, the order is that of one index, and no other is used; said as
/// an alternative, the sites are looked up in a hash table, and not joined.
/// $1: the region's ODS code; $2: the series; $3: recorded since; $4: after; $5: the day.
pub(in crate::ceiling) const OBSERVATIONS: &str = "
    SELECT o.id, site.code, o.month, o.value, o.recorded_at
    FROM observation o JOIN ceiling site ON site.id = o.organisation_id
    WHERE (o.organisation_id = -1 OR o.organisation_id IN (SELECT id FROM ceiling
            WHERE region_id = (SELECT id FROM ceiling WHERE code = $1 AND kind = 'REGION')))
        AND (o.series_id, o.id) > ($2, GREATEST($4, (
            WITH RECURSIVE search (base, length) AS (
                SELECT min(id) - 1, max(id) - min(id) + 2 FROM observation
                UNION ALL
                SELECT CASE WHEN (SELECT each.recorded_at < $3 FROM observation each
                        WHERE each.id >= base + length / 2 ORDER BY each.id LIMIT 1)
                        THEN base + length / 2 ELSE base END,
                    length - length / 2
                FROM search WHERE length > 1)
            SELECT max(base) FROM search)))
        AND o.series_id <= $2 AND o.recorded_at >= $3 AND $5::date IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM observation later
            WHERE later.organisation_id = o.organisation_id AND later.series_id = o.series_id
                AND later.month = o.month AND later.revision > o.revision)
    ORDER BY o.series_id, o.id LIMIT 501";
