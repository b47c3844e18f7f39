//! The database's shape: every step can be taken back, and what must never be true
//! is refused by the database itself.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::harness::{on_both, on_both_empty, raw};

const OBJECTS: [&str; 2] = [
    "SELECT COUNT(*) FROM sqlite_master WHERE name NOT LIKE 'seaql%' AND name NOT LIKE 'sqlite%'",
    "SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'public' AND relname NOT LIKE 'seaql%'",
];

async fn objects(connection: &DatabaseConnection) -> i64 {
    let backend = connection.get_database_backend();
    let statement = OBJECTS[usize::from(backend == sea_orm::DbBackend::Postgres)];
    let asked = sea_orm::Statement::from_string(backend, statement);
    connection.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[test]
fn every_migration_can_be_taken_back_and_made_again() {
    on_both_empty(async |url| {
        let database = raw(&new(url)).await;
        Migrator::up(&database, None).await.unwrap();
        let shape = objects(&database).await;
        assert!(shape > 12, "{shape}");
        for _ in Migrator::migrations() {
            Migrator::down(&database, Some(1)).await.unwrap();
        }
        assert_eq!(objects(&database).await, 0);
        Migrator::up(&database, None).await.unwrap();
        assert_eq!(objects(&database).await, shape);
        database.close().await.unwrap();
    });
}

/// SQLite makes a file only when it is told that it may.
fn new(url: &str) -> String {
    if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() }
}

/// Each of these contradicts a row that is there; `{}` is some organisation's id.
const CONTRADICTIONS: [(&str, &str); 13] = [
    ("a code borne twice at one instant", "INSERT INTO organisation_code
        SELECT scheme, code, '2025-01-01', NULL, {other} FROM organisation_code WHERE code = 'Y90001'"),
    ("a code's interval widened over another's", "UPDATE organisation_code
        SET valid_to = NULL WHERE code = 'REUSED' AND valid_to IS NOT NULL"),
    ("two parents of one level at a time", "INSERT INTO membership
        SELECT 800001, child_id, parent_id, scheme, level, '2025-01-01', NULL, source
        FROM membership WHERE child_id = {site} AND level = 'SUB_ICB'"),
    ("two leads of one region at a time", "INSERT INTO lead_appointment
        SELECT 800002, region_id, training_hub_id, '2025-01-01', NULL, source
        FROM lead_appointment WHERE valid_to IS NULL LIMIT 1"),
    ("an interval that ends before it begins", "UPDATE membership
        SET valid_to = '1999-01-01' WHERE child_id = {site}"),
    ("a member of itself", "UPDATE membership SET parent_id = child_id WHERE child_id = {site}"),
    ("a parent that is not there", "UPDATE membership SET parent_id = 876543 WHERE child_id = {site}"),
    ("a code of nobody", "INSERT INTO organisation_code VALUES ('ODS', 'NOBODY', '2025-01-01', NULL, 876543)"),
    ("a kind that there is not", "UPDATE organisation SET kind = 'SHOP' WHERE id = {site}"),
    ("a status that there is not", "UPDATE organisation_fact SET value = 'OPEN'
        WHERE organisation_id = {site} AND fact = 'STATUS'"),
    ("a closure before the opening", "UPDATE organisation SET closed_on = '1999-01-01' WHERE id = {site}"),
    ("fewer patients than none", "INSERT INTO list_size VALUES ({site}, '2025-01-01', -1)"),
    ("a position in the feed given twice", "INSERT INTO change
        SELECT position, at, audit_id, organisation_id, change_type, NULL, NULL, NULL
        FROM change WHERE position = 1"),
];

#[test]
fn the_database_itself_refuses_what_must_never_be_true() {
    on_both(async |world| {
        let id = "SELECT organisation_id FROM organisation_code WHERE code = ";
        let site = world.number(&format!("{id} 'Y90001'")).await;
        let other = world.number(&format!("{id} 'Y90004'")).await;
        let fill = |statement: &str| {
            statement.replace("{site}", &site.to_string()).replace("{other}", &other.to_string())
        };
        for (from, to) in [("'2020-01-01'", "'2021-01-01'"), ("'2021-01-01'", "NULL")] {
            let reused = format!(
                "INSERT INTO organisation_code VALUES ('ODS', 'REUSED', {from}, {to}, {{site}})"
            );
            world.raw.execute_unprepared(&fill(&reused)).await.unwrap();
        }
        let before = world.rows().await;
        for (what, statement) in CONTRADICTIONS {
            let done = world.raw.execute_unprepared(&fill(statement)).await;
            assert!(done.is_err(), "the database took {what}");
            assert_eq!(world.rows().await, before, "{what}");
        }
    });
}
