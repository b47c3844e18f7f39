//! How many rows each field of the schema stands for, read once from its SDL.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Value,
    parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};

/// The page that a connection shows when the query names no size.
pub(super) const DEFAULT_PAGE: u64 = 20;
/// The largest page; what is no number at all is counted as this.
pub(super) const LARGEST_PAGE: u64 = 100;
/// The rows of a list that has no pages, as a guess.
pub(super) const PLAIN_LIST: u64 = 10;

/// The types that every schema has besides its own.
const BUILT_IN_TYPES: u64 = 13;
/// What introspection may cost for each type of the schema: the standard query with all
/// its options costs about 1,450, and what nests much deeper than that is refused.
const INTROSPECTION_PER_TYPE: u64 = 2_500;
/// The lists of introspection, with their usual lengths, and the way between its types.
const INTROSPECTION: [(&str, &str, &str, Rows); 15] = [
    ("__Schema", "queryType", "__Type", Rows::One),
    ("__Schema", "mutationType", "__Type", Rows::One),
    ("__Schema", "subscriptionType", "__Type", Rows::One),
    ("__Schema", "directives", "__Directive", Rows::Some(10)),
    ("__Type", "fields", "__Field", Rows::Some(10)),
    ("__Type", "inputFields", "__InputValue", Rows::Some(5)),
    ("__Type", "interfaces", "__Type", Rows::Some(2)),
    ("__Type", "possibleTypes", "__Type", Rows::Some(3)),
    ("__Type", "enumValues", "__EnumValue", Rows::Some(5)),
    ("__Type", "ofType", "__Type", Rows::One),
    ("__Field", "args", "__InputValue", Rows::Some(2)),
    ("__Field", "type", "__Type", Rows::One),
    ("__InputValue", "type", "__Type", Rows::One),
    ("__Directive", "args", "__InputValue", Rows::Some(2)),
    ("__Directive", "locations", "__DirectiveLocation", Rows::Some(5)),
];

/// What is known of every field of every object and interface.
#[derive(Debug)]
pub(in crate::graphql) struct Prices {
    fields: HashMap<String, HashMap<String, Price>>,
    /// The number of types in the schema.
    types: u64,
    /// The names of its input objects.
    inputs: HashSet<String>,
}

#[derive(Debug)]
pub(in crate::graphql) struct Price {
    /// The name of the type that the field gives, without its list.
    pub result: String,
    pub rows: Rows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::graphql) enum Rows {
    /// One value.
    One,
    /// A list of unknown length.
    List,
    /// A list of a length that is known, or nearly.
    Some(u64),
    /// A list with `first` or `last`.
    PagedList { default: u64 },
    /// An object with `first` or `last`, whose `nodes` and `edges` are the page.
    Connection { default: u64 },
    /// The `nodes` or `edges` of a connection.
    Page,
    /// One for each of `ids`.
    Ids,
}

impl Prices {
    pub(super) fn read(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let mut prices =
            Self { fields: HashMap::new(), types: BUILT_IN_TYPES, inputs: HashSet::new() };
        for definition in parse_schema(sdl)?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            prices.types += 1;
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                TypeKind::InputObject(_) => {
                    prices.inputs.insert(definition.node.name.node.to_string());
                    continue;
                }
                _ => continue,
            };
            let is_connection = fields.iter().any(|field| field.node.name.node == "pageInfo");
            let priced = fields
                .iter()
                .map(|field| (field.node.name.node.to_string(), price(&field.node, is_connection)));
            prices.fields.insert(definition.node.name.node.to_string(), priced.collect());
        }
        let every_type = ("__Schema", "types", "__Type", Rows::Some(prices.types));
        for (owner, field, result, rows) in INTROSPECTION.into_iter().chain([every_type]) {
            let price = Price { result: result.to_owned(), rows };
            prices.fields.entry(owner.to_owned()).or_default().insert(field.to_owned(), price);
        }
        Ok(prices)
    }

    /// The most that one request may spend on introspection.
    pub(super) fn introspection_limit(&self) -> u64 {
        self.types.saturating_mul(INTROSPECTION_PER_TYPE)
    }

    /// Whether a type is an input object.
    pub(in crate::graphql) fn is_input(&self, type_name: &str) -> bool {
        self.inputs.contains(type_name)
    }

    pub(in crate::graphql) fn of(&self, type_name: &str, field: &str) -> Option<&Price> {
        self.fields.get(type_name)?.get(field)
    }
}

fn price(field: &FieldDefinition, of_connection: bool) -> Price {
    let argument = |name: &str| field.arguments.iter().find(|given| given.node.name.node == name);
    let page = argument("first").or_else(|| argument("last")).map(|given| {
        let default = given.node.default_value.as_ref();
        default.map_or(DEFAULT_PAGE, |value| number(&value.node))
    });
    let (result, is_list) = named(&field.ty.node);
    let name = field.name.node.as_str();
    let rows = match page {
        Some(default) if is_list => Rows::PagedList { default },
        Some(default) => Rows::Connection { default },
        None if is_list && of_connection && matches!(name, "nodes" | "edges") => Rows::Page,
        None if is_list && argument("ids").is_some() => Rows::Ids,
        None if is_list => Rows::List,
        None => Rows::One,
    };
    Price { result: result.to_owned(), rows }
}

fn named(ty: &Type) -> (&str, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(inner) => (named(inner).0, true),
    }
}

/// A page's size; negative, fractional or no number at all counts as the largest.
pub(super) fn number(value: &Value) -> u64 {
    match value {
        Value::Number(number) => number.as_u64().unwrap_or(LARGEST_PAGE),
        _ => LARGEST_PAGE,
    }
}
