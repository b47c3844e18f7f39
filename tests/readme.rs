//! What the README shows works as it stands there.

use api::domain::page::{By, Key};
use serde_json::{Value, json};

use crate::harness::{on_both, people};

const README: &str = include_str!("../README.md");

/// The blocks of one language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let after = README.split(opening.as_str()).skip(1);
    after.map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_query_is_answered() {
    let queries = blocks("graphql");
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
        }
    });
}
