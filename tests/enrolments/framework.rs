//! What the shipped competency framework asks of every learner, and saying how far a
//! learner is with it.

use serde_json::{Value, json};

use crate::{
    harness::{World, people},
    learning::{item, record},
};

/// Code and title of each core competency, in the order of their codes.
pub(crate) async fn core(world: &World) -> Vec<(String, String)> {
    let query = "{ competencyFramework { competencies(core: true) { code title } } }";
    let mut data = world.data(people::PUBLIC, query, Value::Null).await;
    let competencies = data["competencyFramework"]["competencies"].take();
    let word = |it: &Value, field: &str| it[field].as_str().unwrap().to_owned();
    let each = |it: &Value| (word(it, "code"), word(it, "title"));
    let mut core: Vec<_> = competencies.as_array().unwrap().iter().map(each).collect();
    core.sort_unstable();
    core
}

/// Brings a learner to a state, by way of those before it, in one part of the core
/// competencies: all but the last, or the last. What cannot be said of one any more is
/// refused.
pub(crate) async fn assess(world: &World, it: &Value, part: usize, state: &str) {
    let core = core(world).await;
    let part = match part {
        1 => &core[..core.len() - 1],
        _ => &core[core.len() - 1..],
    };
    let said = |state| part.iter().map(move |(code, _)| item(it, code, state, "2026-01-15"));
    let items: Vec<Value> =
        ["IN_PROGRESS", "EVIDENCE_SUBMITTED", state].into_iter().flat_map(said).collect();
    let key = world.number("SELECT MAX(id) FROM audit").await;
    let payload = record(world, people::YORKSHIRE, &format!("assess-{key}"), &items).await;
    assert_eq!(payload["__typename"], "AssessmentsRecorded", "{payload:#}");
}

/// The ids of the core competencies.
pub(crate) async fn core_ids(world: &World) -> Vec<i64> {
    let query = "{ competencyFramework { competencies(core: true) { id } } }";
    let data = world.data(people::PUBLIC, query, json!({})).await;
    let all = data["competencyFramework"]["competencies"].as_array().unwrap().iter();
    all.map(|it| api::ids::decode_global_id(it["id"].as_str().unwrap()).unwrap().1).collect()
}
