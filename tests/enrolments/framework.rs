//! A published framework of three competencies, two of them core, put in by hand: what it
//! teaches matters only to who completes.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::World;

const BY_HAND: [&str; 4] = [
    "INSERT INTO job_description (id, major, minor, patch, state, title, description, source,
        published_on, row_version) VALUES (900100, 0, 1, 0, 'PUBLISHED', 'Assistant', 'Made up.',
        'A test', '2020-01-01', 1)",
    "INSERT INTO competency_framework (id, job_description_id, major, minor, patch, state, title,
        description, source, published_on, row_version) VALUES (900101, 900100, 0, 1, 0,
        'PUBLISHED', 'Framework', 'Made up.', 'A test', '2020-01-01', 1)",
    "INSERT INTO competency_domain (id, framework_id, code, title, position)
        VALUES (900102, 900101, 'CARE', 'Care', 1)",
    "INSERT INTO competency (id, framework_id, domain_id, code, title, description, core,
        clinical, position) VALUES
        (900103, 900101, 900102, 'CARE-1', 'Greets patients', 'Made up.', TRUE, FALSE, 1),
        (900104, 900101, 900102, 'CARE-2', 'Prepares rooms', 'Made up.', TRUE, TRUE, 2),
        (900105, 900101, 900102, 'CARE-3', 'Waters plants', 'Made up.', FALSE, FALSE, 3)",
];

/// The id of the framework, which is put in when it is first asked for.
pub(crate) async fn published(world: &World) -> Value {
    let count = "SELECT COUNT(*) FROM competency_framework WHERE id = 900101";
    if world.number(count).await == 0 {
        for statement in BY_HAND {
            world.raw.execute_unprepared(statement).await.unwrap();
        }
    }
    json!(api::ids::GlobalId { type_name: "CompetencyFramework", row: 900_101 }.encode())
}

/// Says of an enrolment how far the learner is with one of the three, as the newest word.
pub(crate) async fn assess(world: &World, it: &Value, number: i64, state: &str) {
    let (_, id) = api::ids::decode_global_id(it["id"].as_str().unwrap()).unwrap();
    let next = world.number("SELECT 900200 + COUNT(*) FROM assessment").await;
    let statement = format!(
        "INSERT INTO assessment (id, enrolment_id, competency_id, revision, state, attempt,
            assessed_on, issuer, subject, audit_id, at)
         SELECT {next}, {id}, {competency}, 1 + (SELECT COUNT(*) FROM assessment
            WHERE enrolment_id = {id} AND competency_id = {competency}), '{state}', 1,
            '2025-11-01', 'test', 'asha', MIN(id), '2025-11-01 09:00:00+00:00' FROM audit",
        competency = 900_102 + number,
    );
    world.raw.execute_unprepared(&statement).await.unwrap();
}
