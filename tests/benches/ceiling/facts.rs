//! The best statements over the register's own tables, as they are kept: dated rows,
//! of which those of today are looked up.

use super::{figures::facts as figures, recording, statements::Statements};

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

/// What the statements need beside the register's own indexes.
pub(super) const PREPARE: &str = "
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS ceiling_names ON organisation_fact
        USING gin (value gin_trgm_ops) WHERE fact = 'NAME';
    CREATE INDEX IF NOT EXISTS ceiling_postcodes ON organisation_fact
        (replace(value, ' ', '')) WHERE fact = 'POSTCODE';
    CREATE INDEX IF NOT EXISTS ceiling_codes ON organisation_code (code);
    CREATE INDEX IF NOT EXISTS ceiling_codes_of ON organisation_code
        (organisation_id, scheme) INCLUDE (code, valid_from, valid_to);
    ANALYZE";

/// $1: the hub's slug; $2: the day.
const HUB: &str = "
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
            AND (c.valid_to IS NULL OR c.valid_to > $2) LIMIT 1)
    FROM hub LEFT JOIN page ON true ORDER BY page.name, page.id";

/// $1: the ODS code; $2: the day.
const SITE: &str = "
    SELECT o.id, c.code,
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = o.id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = o.id
            AND f.fact = 'STATUS' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = o.id
            AND f.fact = 'POSTCODE' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT patients FROM list_size l WHERE l.organisation_id = o.id
            AND l.counted_on <= $2 ORDER BY l.counted_on DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = p.region_id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = p.icb_id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = p.pcn_id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1),
        (SELECT value FROM organisation_fact f WHERE f.organisation_id = p.training_hub_id
            AND f.fact = 'NAME' AND f.valid_from <= $2 ORDER BY f.valid_from DESC LIMIT 1)
    FROM organisation_code c
    JOIN organisation o ON o.id = c.organisation_id AND o.kind = 'SITE'
    LEFT JOIN placement p ON p.organisation_id = o.id
        AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2)
    WHERE c.scheme = 'ODS' AND c.code = $1
        AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to > $2)";

/// $1: the text in capitals; $2: the text between `%`; $3: the text, closed up, before `%`.
const SEARCH: &str = "
    WITH found AS (
        SELECT organisation_id AS id FROM organisation_fact
        WHERE fact = 'NAME' AND value LIKE $2
        UNION SELECT organisation_id FROM organisation_code WHERE code LIKE $3
        UNION SELECT organisation_id FROM organisation_fact
        WHERE fact = 'POSTCODE' AND replace(value, ' ', '') LIKE $3
    ), ranked AS (
        SELECT o.id, name.value AS name, code.code, CASE
            WHEN code.code = rtrim($3, '%') THEN 0
            WHEN code.code LIKE $3 THEN 1
            WHEN starts_with(name.value, $1) THEN 2
            WHEN replace(postcode.value, ' ', '') LIKE $3 THEN 3
            WHEN position(' ' || $1 IN name.value) > 0 THEN 4
            WHEN name.value LIKE $2 THEN 5 END AS rank
        FROM found
        JOIN organisation o ON o.id = found.id AND o.kind = 'SITE'
        CROSS JOIN LATERAL (SELECT value FROM organisation_fact f WHERE f.organisation_id = o.id
            AND f.fact = 'NAME' ORDER BY f.valid_from DESC LIMIT 1) name
        CROSS JOIN LATERAL (SELECT value FROM organisation_fact f WHERE f.organisation_id = o.id
            AND f.fact = 'POSTCODE' ORDER BY f.valid_from DESC LIMIT 1) postcode
        CROSS JOIN LATERAL (SELECT code FROM organisation_code c
            WHERE c.organisation_id = o.id AND c.scheme = 'ODS'
            ORDER BY c.valid_from DESC LIMIT 1) code
    )
    SELECT id, code, name, rank FROM ranked
    WHERE rank IS NOT NULL ORDER BY rank, name, id LIMIT 10";
