//! The contract: `schema.graphql` is what the program prints, and tells its readers
//! everything that they need.

use api::graphql::{self, deprecations};
use async_graphql::Positioned;
use async_graphql::parser::{
    parse_schema,
    types::{
        ConstDirective, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind,
        TypeSystemDefinition,
    },
};
use chrono::{Datelike, NaiveDate};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");

fn printed() -> String {
    graphql::sdl(&graphql::schema())
}

/// `UPDATE_SCHEMA=1` writes the file anew; what changed is then for people to review.
#[test]
fn the_file_is_what_the_program_prints() {
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(FILE, printed()).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap();
    assert!(
        written == printed(),
        "schema.graphql is not what the program prints: run the tests with UPDATE_SCHEMA=1"
    );
}

/// Everything a client reads, by its coordinate, with its description.
#[derive(Default)]
struct Descriptions(Vec<(String, Option<String>)>);

impl Descriptions {
    fn add(&mut self, coordinate: String, description: Option<&Positioned<String>>) {
        let text = description.map(|text| text.node.trim().to_owned());
        self.0.push((coordinate, text.filter(|text| !text.is_empty())));
    }

    fn add_type(&mut self, definition: &TypeDefinition) {
        let name = definition.name.node.to_string();
        self.add(name.clone(), definition.description.as_ref());
        match &definition.kind {
            TypeKind::Object(object) => self.add_fields(&name, &object.fields),
            TypeKind::Interface(interface) => self.add_fields(&name, &interface.fields),
            TypeKind::InputObject(input) => self.add_inputs(&name, &input.fields),
            TypeKind::Enum(values) => {
                for value in &values.values {
                    let coordinate = format!("{name}.{}", value.node.value.node);
                    self.add(coordinate, value.node.description.as_ref());
                }
            }
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }

    fn add_fields(&mut self, owner: &str, fields: &[Positioned<FieldDefinition>]) {
        for field in fields {
            let coordinate = format!("{owner}.{}", field.node.name.node);
            self.add_inputs(&coordinate, &field.node.arguments);
            self.add(coordinate, field.node.description.as_ref());
        }
    }

    fn add_inputs(&mut self, owner: &str, inputs: &[Positioned<InputValueDefinition>]) {
        for input in inputs {
            let coordinate = format!("{owner}.{}", input.node.name.node);
            self.add(coordinate, input.node.description.as_ref());
        }
    }
}

fn types() -> Vec<TypeDefinition> {
    let document = parse_schema(printed()).unwrap();
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.collect()
}

fn says(directives: &[Positioned<ConstDirective>], name: &str) -> bool {
    directives.iter().any(|directive| directive.node.name.node == name)
}

#[test]
fn everything_in_it_is_described() {
    let mut descriptions = Descriptions::default();
    types().iter().for_each(|definition| descriptions.add_type(definition));
    assert!(descriptions.0.len() > 400, "the walk misses much: {}", descriptions.0.len());
    let bare = descriptions.0.iter().filter(|(_, text)| text.is_none());
    let bare: Vec<_> = bare.map(|(coordinate, _)| coordinate.as_str()).collect();
    assert!(bare.is_empty(), "no description: {}", bare.join(", "));
}

#[test]
fn every_root_field_says_which_action_it_asks_about() {
    for definition in types() {
        let TypeKind::Object(object) = &definition.kind else { continue };
        let root = ["Query", "Mutation", "Subscription"].contains(&definition.name.node.as_str());
        for field in &object.fields {
            let name = format!("{}.{}", definition.name.node, field.node.name.node);
            assert_eq!(says(&field.node.directives, "access"), root, "{name}");
        }
    }
}

#[test]
fn every_scalar_says_where_it_is_specified() {
    // Its shape is ours alone, and its description tells it whole.
    const OWN: [&str; 1] = ["Slug"];
    for definition in types() {
        let name = definition.name.node.as_str();
        if matches!(definition.kind, TypeKind::Scalar) && !OWN.contains(&name) {
            assert!(says(&definition.directives, "specifiedBy"), "{name}");
        }
    }
}

#[test]
fn every_command_answers_with_a_union_and_says_what_it_expects() {
    let types = types();
    let named = |name: &str| types.iter().find(|definition| definition.name.node == name).unwrap();
    let TypeKind::Object(mutation) = &named("Mutation").kind else { panic!("no mutations") };
    for field in &mutation.fields {
        let name = field.node.name.node.to_string();
        let payload = field.node.ty.node.to_string();
        // Nullable: one command refused does not hide what another has written.
        assert!(payload.ends_with("Payload"), "{name}: {payload}");
        let TypeKind::Union(payload) = &named(&payload).kind else {
            panic!("{name} does not answer with a union");
        };
        assert!(payload.members.iter().any(|member| member.node == "InvalidInput"), "{name}");
        let [argument] = &field.node.arguments[..] else { panic!("{name}: one argument") };
        let input = argument.node.ty.node.to_string();
        let TypeKind::InputObject(input) = &named(input.trim_end_matches('!')).kind else {
            panic!("{name} takes one input");
        };
        let takes = |wanted: &str| input.fields.iter().any(|it| it.node.name.node == wanted);
        assert_ne!(takes("idempotencyKey"), takes("expectedVersion"), "{name}: one of the two");
    }
}

#[test]
fn what_will_go_says_on_which_1_april_or_1_october() {
    for going in deprecations::all() {
        let last = going.reason.rsplit(". ").next().unwrap();
        let day = last.strip_prefix("It goes on ").and_then(|day| day.strip_suffix('.'));
        let day = day.map(|day| NaiveDate::parse_from_str(day, "%d %B %Y"));
        let goes = day.is_some_and(|day| {
            day.is_ok_and(|day| day.day() == 1 && [4, 10].contains(&day.month()))
        });
        assert!(goes, "{}: {}", going.coordinate, going.reason);
    }
}
