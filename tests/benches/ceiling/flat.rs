//! The best statements over a table that holds today's state of every organisation in
//! one row. Our register cannot be kept so (it has a past, and tomorrow is another
//! day), which makes this the harder ceiling: what a service without history would do.

use super::{figures::flat as figures, recording, statements::Statements};

pub(super) const STATEMENTS: Statements = Statements {
    hub: HUB,
    site: SITE,
    search: SEARCH,
    regions: figures::REGIONS,
    cells: figures::CELLS,
    portal: figures::PORTAL,
    observations: figures::OBSERVATIONS,
    record: recording::RECORD,
};

pub(super) const PREPARE: &str = "
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE TABLE IF NOT EXISTS ceiling AS
        SELECT o.id, o.kind, f.name, f.status, f.setting, f.postcode,
            replace(f.postcode, ' ', '') AS closed_up,
            (SELECT code FROM organisation_code c WHERE c.organisation_id = o.id
                AND c.scheme = 'ODS' ORDER BY c.valid_from DESC LIMIT 1) AS code,
            (SELECT code FROM organisation_code c WHERE c.organisation_id = o.id
                AND c.scheme = 'SLUG' ORDER BY c.valid_from DESC LIMIT 1) AS slug,
            p.pcn_id, p.icb_id, p.region_id, p.training_hub_id,
            (SELECT patients FROM list_size l WHERE l.organisation_id = o.id
                ORDER BY l.counted_on DESC LIMIT 1) AS patients
        FROM organisation o
        LEFT JOIN placement p ON p.organisation_id = o.id
            AND p.valid_from <= current_date
            AND (p.valid_to IS NULL OR p.valid_to > current_date)
        LEFT JOIN LATERAL (SELECT
            (array_agg(value ORDER BY valid_from DESC) FILTER (WHERE fact = 'NAME'))[1] AS name,
            (array_agg(value ORDER BY valid_from DESC) FILTER (WHERE fact = 'STATUS'))[1] AS status,
            (array_agg(value ORDER BY valid_from DESC)
                FILTER (WHERE fact = 'PRESCRIBING_SETTING'))[1] AS setting,
            (array_agg(value ORDER BY valid_from DESC) FILTER (WHERE fact = 'POSTCODE'))[1]
                AS postcode
            FROM organisation_fact f
            WHERE f.organisation_id = o.id AND f.valid_from <= current_date) f ON true;
    CREATE UNIQUE INDEX IF NOT EXISTS ceiling_by_id ON ceiling (id);
    CREATE INDEX IF NOT EXISTS ceiling_by_code ON ceiling (code);
    CREATE INDEX IF NOT EXISTS ceiling_by_slug ON ceiling (slug);
    CREATE INDEX IF NOT EXISTS ceiling_by_postcode ON ceiling (closed_up);
    CREATE INDEX IF NOT EXISTS ceiling_by_hub ON ceiling (training_hub_id, name, id)
        WHERE kind = 'SITE';
    CREATE INDEX IF NOT EXISTS ceiling_by_part ON ceiling USING gin (name gin_trgm_ops)
        WHERE kind = 'SITE';
    ANALYZE";

/// $1: the hub's slug; $2: the day, which the table has in it already.
const HUB: &str = "
    SELECT hub.id, hub.name, page.id, page.name, page.code, region.name, pcn.name, pcn.code
    FROM ceiling hub
    LEFT JOIN LATERAL (SELECT * FROM ceiling site
        WHERE site.training_hub_id = hub.id AND site.kind = 'SITE'
        ORDER BY site.name, site.id LIMIT 50) page ON true
    LEFT JOIN ceiling region ON region.id = page.region_id
    LEFT JOIN ceiling pcn ON pcn.id = page.pcn_id
    WHERE hub.slug = $1 AND $2::date IS NOT NULL ORDER BY page.name, page.id";

/// $1: the ODS code; $2: the day.
const SITE: &str = "
    SELECT s.id, s.code, s.name, s.status, s.postcode, s.patients,
        region.name, icb.name, pcn.name, hub.name
    FROM ceiling s
    LEFT JOIN ceiling region ON region.id = s.region_id
    LEFT JOIN ceiling icb ON icb.id = s.icb_id
    LEFT JOIN ceiling pcn ON pcn.id = s.pcn_id
    LEFT JOIN ceiling hub ON hub.id = s.training_hub_id
    WHERE s.code = $1 AND s.kind = 'SITE' AND $2::date IS NOT NULL";

/// $1: the text in capitals; $2: the text between `%`; $3: the text, closed up, before `%`.
const SEARCH: &str = "
    SELECT id, code, name, CASE
        WHEN code = rtrim($3, '%') THEN 0
        WHEN code LIKE $3 THEN 1
        WHEN starts_with(name, $1) THEN 2
        WHEN closed_up LIKE $3 THEN 3
        WHEN position(' ' || $1 IN name) > 0 THEN 4
        ELSE 5 END AS rank
    FROM ceiling
    WHERE kind = 'SITE' AND (name LIKE $2 OR code LIKE $3 OR closed_up LIKE $3)
    ORDER BY rank, name, id LIMIT 10";
