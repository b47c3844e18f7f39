//! What the README shows works as it stands there.

use api::domain::page::{By, Key};
use serde_json::{Value, json};

use crate::harness::{on_both, on_both_sandboxes, people};

const README: &str = include_str!("../README.md");

/// The blocks of one language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let after = README.split(opening.as_str()).skip(1);
    after.map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Whether a block is about the sandbox, and so asked there.
fn controls_a_sandbox(block: &str) -> bool {
    block.contains("sandbox {")
}

#[test]
fn the_sandbox_does_what_is_shown() {
    let mut shown = blocks("graphql");
    shown.retain(|block| controls_a_sandbox(block));
    assert_eq!(shown.len(), 3);
    on_both_sandboxes(async |world| {
        let mut sandboxes = Vec::new();
        for command in &shown {
            let data = world.data(people::YORKSHIRE, command, Value::Null).await;
            let done = data.as_object().unwrap().values().next().unwrap();
            sandboxes.push(done["sandbox"].clone());
        }
        assert_eq!(sandboxes[0]["faults"][0]["kind"], "ANSWER_LOST");
        assert_eq!(sandboxes[1]["aheadSeconds"], 90 * 86_400);
        assert_eq!(sandboxes[2]["resets"], 1);
        let (before, after) = (sandboxes[1]["now"].as_str(), sandboxes[2]["now"].as_str());
        assert!(before > after, "the clock is back");
    });
}

#[test]
fn every_query_is_answered() {
    let mut queries = blocks("graphql");
    queries.retain(|block| !controls_a_sandbox(block));
    assert!(queries.len() > 5, "{}", queries.len());
    on_both(async |world| {
        for query in &queries {
            // As each would be asked by those whom its section is for.
            let who = if query.contains("worklist") { people::YORKSHIRE } else { people::NATIONAL };
            // Whoever follows from the beginning is told something at once.
            let first = Key { by: By::Nothing, id: 0 }.cursor();
            let follows = query.starts_with("subscription");
            let variables = if follows { json!({ "after": first }) } else { Value::Null };
            let answer = world.ask(who, query, variables).await;
            // The second version that is compared is for whoever has published one.
            let errors = answer["errors"].as_array().into_iter().flatten();
            let errors: Vec<_> =
                errors.filter(|it| it["extensions"]["code"] != "NOT_FOUND").collect();
            assert!(errors.is_empty(), "{query}\n{errors:#?}");
            assert!(answer["data"].is_object(), "{query}\n{answer:#}");
            let refused = answer.to_string().contains("\"InvalidInput\"");
            assert!(!refused, "{query}\n{answer:#}");
        }
    });
}
