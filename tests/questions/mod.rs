//! What people ask of the programme's record: twenty questions, each of them one document,
//! of one small world: a demonstration of some 400 sites, and on top of it whatever a
//! question needs. Both databases give the same answers.

mod figures;
mod learning;
mod work;

use serde_json::{Value, json};

use crate::harness::{Who, World, on_both_new, people};

/// Of ten sites of each board, West Yorkshire's hub trains some thirty.
const SITES: usize = 420;
const SEED: u64 = 7;

/// The demonstration's own provider.
const EXAMPLES: Who = Who { organisation: "provider:university-of-examples", ..people::PROVIDER };

fn on_both_demonstrated(body: impl AsyncFn(&World)) {
    on_both_new(async |world| {
        assert!(world.app.demonstrate_at_size(SITES, SEED).await.unwrap().is_some());
        body(world).await;
    });
}

/// Asks a question that is a command, with its input.
async fn commanded(world: &World, who: Who, document: &str, input: &Value) -> Value {
    world.data(who, document, json!({ "input": input })).await
}

const ENROLMENTS: &str = "{ enrolments(filter: { trainingHub: { slug: \"west-yorkshire\" } },
    first: 100) { nodes { id version state startedOn dueOn site { odsCode }
        learner { id reference } extensions { id } mentors { kind to } } } }";

/// The enrolments of West Yorkshire that are in a state, in the order of their ids.
async fn in_state(world: &World, state: &str) -> Vec<Value> {
    let mut data = world.data(people::YORKSHIRE, ENROLMENTS, json!({})).await;
    let Value::Array(all) = data["enrolments"]["nodes"].take() else { panic!("no list") };
    let found: Vec<_> = all.into_iter().filter(|it| it["state"] == state).collect();
    assert!(!found.is_empty(), "nobody is {state}");
    found
}

/// Somebody of the team, or an assessor, of an enrolment's site.
fn of_site(who: Who, it: &Value) -> Who {
    let organisation = format!("ods:{}", it["site"]["odsCode"].as_str().unwrap()).leak();
    Who { organisation, ..who }
}
