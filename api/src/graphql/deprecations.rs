//! What of the schema will go, read from the schema itself.

use std::sync::LazyLock;

use async_graphql::{
    Positioned, SimpleObject, Value,
    parser::{
        parse_schema,
        types::{ConstDirective, FieldDefinition, TypeKind, TypeSystemDefinition},
    },
};

use super::swift_schema;

/// A field, an argument or a value that will go.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub struct Deprecation {
    /// Where, such as `Site.oldName`, `Query.sites(old:)` or `Stage.OLD`.
    pub coordinate: String,
    /// Why, what to use instead, and when it goes.
    pub reason: String,
}

static ALL: LazyLock<Vec<Deprecation>> = LazyLock::new(|| read(&swift_schema().sdl()));

/// Everything that will go, in the order of the schema.
pub fn all() -> &'static [Deprecation] {
    &ALL
}

fn read(sdl: &str) -> Vec<Deprecation> {
    let mut found = Vec::new();
    // The schema's own printing is read back when the service starts, or it does not start.
    for definition in parse_schema(sdl).map(|read| read.definitions).unwrap_or_default() {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let owner = definition.node.name.node.as_str();
        let mut note = |coordinate: String, directives: &[Positioned<ConstDirective>]| {
            found.extend(reason(directives).map(|reason| Deprecation { coordinate, reason }));
        };
        match &definition.node.kind {
            TypeKind::Object(it) => fields(owner, &it.fields, &mut note),
            TypeKind::Interface(it) => fields(owner, &it.fields, &mut note),
            TypeKind::InputObject(it) => it.fields.iter().for_each(|field| {
                note(format!("{owner}.{}", field.node.name.node), &field.node.directives);
            }),
            TypeKind::Enum(it) => it.values.iter().for_each(|value| {
                note(format!("{owner}.{}", value.node.value.node), &value.node.directives);
            }),
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }
    found
}

fn fields(
    owner: &str,
    fields: &[Positioned<FieldDefinition>],
    note: &mut impl FnMut(String, &[Positioned<ConstDirective>]),
) {
    for field in fields {
        let name = format!("{owner}.{}", field.node.name.node);
        note(name.clone(), &field.node.directives);
        for argument in &field.node.arguments {
            note(format!("{name}({}:)", argument.node.name.node), &argument.node.directives);
        }
    }
}

fn reason(directives: &[Positioned<ConstDirective>]) -> Option<String> {
    let deprecated = directives.iter().find(|given| given.node.name.node == "deprecated")?;
    match deprecated.node.get_argument("reason").map(|value| &value.node) {
        Some(Value::String(reason)) => Some(reason.clone()),
        _ => Some("No longer supported".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_goes_is_found_where_it_stands() {
        let sdl = r#"
            type Query {
                old: Int @deprecated(reason: "Use `new`. Goes on 1 April 2027.")
                new(by: Int, with: Int @deprecated): Int
            }
            enum Stage { OLD @deprecated(reason: "It is gone.") NEW }
            input Filter { old: Int @deprecated(reason: "Leave it out.") new: Int }
        "#;
        let found = read(sdl).into_iter().map(|it| (it.coordinate, it.reason));
        let expected = [
            ("Query.old", "Use `new`. Goes on 1 April 2027."),
            ("Query.new(with:)", "No longer supported"),
            ("Stage.OLD", "It is gone."),
            ("Filter.old", "Leave it out."),
        ];
        let expected = expected.map(|(place, why)| (place.to_owned(), why.to_owned()));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }
}
