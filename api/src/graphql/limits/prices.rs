//! How many rows each field of the schema stands for, read once from its SDL.

use std::collections::HashMap;

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

/// What is known of every field of every object and interface.
#[derive(Debug, Default)]
pub(super) struct Prices(HashMap<String, HashMap<String, Price>>);

#[derive(Debug)]
pub(super) struct Price {
    /// The name of the type that the field gives, without its list.
    pub result: String,
    pub rows: Rows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// One value.
    One,
    /// A list of unknown length.
    List,
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
        let mut types = HashMap::new();
        for definition in parse_schema(sdl)?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let is_connection = fields.iter().any(|field| field.node.name.node == "pageInfo");
            let prices = fields
                .iter()
                .map(|field| (field.node.name.node.to_string(), price(&field.node, is_connection)));
            types.insert(definition.node.name.node.to_string(), prices.collect());
        }
        Ok(Self(types))
    }

    pub(super) fn of(&self, type_name: &str, field: &str) -> Option<&Price> {
        self.0.get(type_name)?.get(field)
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
