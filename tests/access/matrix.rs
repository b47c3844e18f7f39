//! Every root field, asked by everybody, about what lies within their reach, beyond it,
//! and nowhere. `matrix.txt` says what must come of it; it is read by people, so that a
//! change of who may do what cannot pass unseen. A root field without its rows fails.

use std::fmt::Write;

use api::{
    auth::{
        action::Action,
        actor::{Actor, Client, Holder, Role, Terms},
        grants::Grants,
        policy::{self, Reach},
    },
    graphql,
};
use async_graphql::parser::{
    parse_schema,
    types::{FieldDefinition, ObjectType, TypeKind, TypeSystemDefinition},
};
use entity::organisation::Kind;
use serde_json::Value;

use super::{
    enrolments, live,
    requests::{Place, places, request},
    targets::Targets,
};
use crate::harness::{Who, World, on_both, people};

const MATRIX: &str = include_str!("matrix.txt");

/// What is known of Cheshire's doings, and of nobody else's.
const SECRET: &str = "secret-person";

/// The root fields, with the action that each asks the policy about.
fn root_fields() -> Vec<(String, Action)> {
    let sdl = graphql::sdl(&graphql::schema());
    let document = parse_schema(&sdl).unwrap();
    let mut fields = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = definition.node.kind else { continue };
        let fields_of = |object: &ObjectType| {
            object.fields.iter().map(|field| described(&field.node)).collect::<Vec<_>>()
        };
        match definition.node.name.node.as_str() {
            "Query" | "Mutation" => fields.extend(fields_of(&object)),
            "Subscription" => {
                let of_it = fields_of(&object).into_iter();
                fields.extend(of_it.map(|(field, action)| (live::row(&field), action)));
            }
            _ => {}
        }
    }
    fields
}

/// What `node` finds under reaches of their own, each with the action that it needs. Whoever
/// has no reach is told nothing, not even that there is something to be refused.
const NODES: [(&str, Action); 3] = [
    ("node Import", Action::ReadImports),
    ("node Return", Action::ReadReturns),
    ("node Webhook", Action::ReadWebhooks),
];

fn described(field: &FieldDefinition) -> (String, Action) {
    let name = field.name.node.to_string();
    let access = field.directives.iter().find(|directive| directive.node.name.node == "access");
    let access = access.unwrap_or_else(|| panic!("{name} does not say @access"));
    let action = access.node.get_argument("action").unwrap().node.to_string();
    let action = Action::ALL.into_iter().find(|known| known.name() == action).unwrap();
    (name, action)
}

#[test]
fn everybody_may_do_what_the_matrix_says_and_nothing_else() {
    on_both(async |world| {
        let mut seen = heading();
        let mut targets = Targets::default();
        let nodes = NODES.map(|(field, action)| (field.to_owned(), action));
        for (field, action) in root_fields().into_iter().chain(nodes) {
            for &place in places(&field) {
                let mut row = format!("{field:<24} {:<9}", place.name());
                for who in people::EVERYBODY {
                    let outcome = try_it(world, &mut targets, &field, place, who).await;
                    tied(&field, action, place, who, &outcome);
                    write!(row, "{outcome:<18}").unwrap();
                }
                writeln!(seen, "{}", row.trim_end()).unwrap();
            }
        }
        let reviewed = MATRIX.lines().filter(|line| !line.starts_with('#'));
        let reviewed: String = reviewed.flat_map(|line| [line, "\n"]).collect();
        assert!(seen == reviewed, "what happens is not what was reviewed; this happens:\n{seen}");
    });
}

fn heading() -> String {
    let mut heading = format!("{:<25}{:<9}", "field", "about");
    for who in people::EVERYBODY {
        write!(heading, "{:<18}", who.role_name()).unwrap();
    }
    format!("{}\n", heading.trim_end())
}

/// Sends one request; whoever is refused has changed nothing and learnt nothing.
async fn try_it(
    world: &World,
    targets: &mut Targets,
    field: &str,
    place: Place,
    who: Who,
) -> String {
    let target = targets.get(world, field, place).await;
    let before = world.rows().await;
    let (document, variables) = request(field, place, &target, who);
    let answer = world.ask(who, &document, variables).await;
    let outcome = outcome(field.split(' ').next().unwrap(), &answer);
    if outcome == "answers" && document.starts_with("mutation") {
        targets.used(field, place);
    } else if outcome != "answers" || !is_audited(field) {
        assert_eq!(world.rows().await, before, "{field} {place:?} by {who:?} wrote");
    }
    if who != people::NATIONAL {
        assert!(!answer.to_string().contains(SECRET), "{field} {place:?} by {who:?}:\n{answer:#}");
    }
    outcome
}

/// Whether reading it leaves a row in the audit.
fn is_audited(field: &str) -> bool {
    enrolments::is_audited(field) || ["posts", "post"].contains(&field)
}

/// A word for what came of it.
fn outcome(field: &str, answer: &Value) -> String {
    if let Some(error) = answer.get("errors") {
        assert_eq!(error.as_array().unwrap().len(), 1, "{answer:#}");
        assert!(answer["data"].is_null() || answer["data"][field].is_null(), "{answer:#}");
        return error[0]["extensions"]["code"].as_str().unwrap().to_owned();
    }
    let data = &answer["data"][field];
    let list = data["nodes"].as_array().or(data.as_array());
    let word = match data {
        Value::Null => "null",
        _ if list.is_some_and(Vec::is_empty) => "nothing",
        _ if list.is_some_and(|all| all.iter().all(Value::is_null)) => "null",
        data => match data["__typename"].as_str() {
            Some("InvalidInput") => "invalid",
            Some("ObservationsRecorded" | "AssessmentsRecorded" | "AwardsRecorded")
                if data["refused"] != 0 =>
            {
                "refused"
            }
            Some(other) if other.ends_with("Conflict") || other.ends_with("NotReady") => {
                panic!("{field} was not really tried: {answer:#}")
            }
            _ => "answers",
        },
    };
    word.to_owned()
}

/// Directive, policy and behaviour say the same: whoever the policy gives no reach
/// gets no answer, and whoever it gives some gets one within it.
fn tied(field: &str, action: Action, place: Place, who: Who, outcome: &str) {
    let nowhere = policy::reach(&actor(who), action) == Reach::Nowhere;
    let context = format!("{field} asks about {}; {who:?}: {outcome}", action.name());
    if nowhere && field.starts_with("node ") {
        assert_eq!(outcome, "null", "{context}");
        return;
    }
    if nowhere {
        assert!(["UNAUTHENTICATED", "FORBIDDEN", "nothing"].contains(&outcome), "{context}");
    } else if place == Place::Inside {
        assert_eq!(outcome, "answers", "{context}");
    }
    assert_eq!(outcome == "UNAUTHENTICATED", nowhere && who == people::PUBLIC, "{context}");
}

fn actor(who: Who) -> Actor {
    let Some(role) = who.role else { return Actor::Public };
    Actor::Holder(Holder {
        issuer: String::new(),
        subject: who.subject.to_owned(),
        role,
        organisation: Some(1),
        scopes: who.scopes.iter().copied().collect(),
        client: (role == Role::Integrator).then(|| Client {
            id: 1,
            grants: Grants::new(who.scopes.iter().map(|scope| (*scope, 1, Kind::TrainingHub)))
                .into(),
            terms: Terms::default(),
        }),
    })
}
