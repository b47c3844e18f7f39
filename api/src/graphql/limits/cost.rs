//! What a query costs: every selected field once for every row that it may stand in.
//!
//! A field counts one, times the page sizes of the lists around it. A connection's
//! page counts for its `nodes` and `edges` alone, not for `totalCount` beside them.
//! Introspection is counted in the same way but apart: its answer does not grow with
//! the data, yet its types lead to each other in circles.

use std::collections::HashMap;

use async_graphql::{
    Name, Value, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};

use super::prices::{DEFAULT_PAGE, PLAIN_LIST, Price, Prices, Rows, number};

/// The cost of one operation, and what else shows while it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub cost: u64,
    pub introspection: u64,
}

/// Counts an operation whose fragments are known not to go in circles.
pub(super) fn count(
    prices: &Prices,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    root: &str,
    variables: &Variables,
) -> Counted {
    let mut count = Count { prices, document, operation, variables, fragments: HashMap::new() };
    let cost = count.set(&operation.selection_set.node, root);
    Counted { cost: cost.total(DEFAULT_PAGE), introspection: cost.introspection }
}

/// The cost of a selection set; on a connection some of it is counted for each row.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    fixed: u64,
    per_row: u64,
    introspection: u64,
}

impl Cost {
    fn and(self, other: Self) -> Self {
        Self {
            fixed: self.fixed.saturating_add(other.fixed),
            per_row: self.per_row.saturating_add(other.per_row),
            introspection: self.introspection.saturating_add(other.introspection),
        }
    }

    fn total(self, rows: u64) -> u64 {
        self.fixed.saturating_add(self.per_row.saturating_mul(rows))
    }
}

struct Count<'a> {
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    fragments: HashMap<&'a str, Cost>,
}

impl<'a> Count<'a> {
    fn set(&mut self, set: &'a SelectionSet, type_name: &str) -> Cost {
        set.items.iter().fold(Cost::default(), |whole, selection| {
            whole.and(match &selection.node {
                Selection::Field(field) => self.field(&field.node, type_name),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(type_name, |condition| &condition.node.on.node);
                    self.set(&inline.node.selection_set.node, on)
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            })
        })
    }

    fn fragment(&mut self, name: &str) -> Cost {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Cost::default();
        };
        if let Some(known) = self.fragments.get(name.as_str()) {
            return *known;
        }
        let on = &fragment.node.type_condition.node.on.node;
        let cost = self.set(&fragment.node.selection_set.node, on);
        self.fragments.insert(name, cost);
        cost
    }

    fn field(&mut self, field: &'a Field, type_name: &str) -> Cost {
        let introspects = match field.name.node.as_str() {
            "__schema" => Some("__Schema"),
            "__type" => Some("__Type"),
            _ => None,
        };
        if let Some(on) = introspects {
            let spent = self.set(&field.selection_set.node, on).total(1).saturating_add(1);
            return Cost { introspection: spent, ..Cost::default() };
        }
        // A field that the schema lacks has no price; validation refuses it.
        let Some(price) = self.prices.of(type_name, &field.name.node) else {
            return Cost { fixed: 1, ..Cost::default() };
        };
        let inner = self.set(&field.selection_set.node, &price.result);
        let (rows, single) = (self.rows(field, price), inner.total(DEFAULT_PAGE));
        let (fixed, per_row) = match price.rows {
            Rows::One | Rows::Connection { .. } => (inner.total(rows), 0),
            Rows::Page => (0, single),
            Rows::List | Rows::Some(_) | Rows::PagedList { .. } | Rows::Ids => {
                (single.saturating_mul(rows), 0)
            }
        };
        Cost { fixed: fixed.saturating_add(1), per_row, introspection: inner.introspection }
    }

    /// The rows that the field's own arguments ask for.
    fn rows(&self, field: &Field, price: &Price) -> u64 {
        match price.rows {
            Rows::One | Rows::Page => DEFAULT_PAGE,
            Rows::List => PLAIN_LIST,
            Rows::Some(number) => number,
            Rows::PagedList { default } | Rows::Connection { default } => {
                let first = self.given(field, "first");
                let last = self.given(field, "last");
                first.iter().chain(&last).map(number).max().unwrap_or(default)
            }
            Rows::Ids => match self.given(field, "ids") {
                Some(Value::List(ids)) => ids.len() as u64,
                _ => 1,
            },
        }
    }

    /// An argument's value with its variables filled in; `None` where it is absent or null.
    fn given(&self, field: &Field, argument: &str) -> Option<Value> {
        let written = field.get_argument(argument)?.node.clone();
        let fill = |name: Name| Ok::<_, ()>(self.variable(&name).unwrap_or_default());
        let filled = written.into_const_with(fill).ok();
        filled.filter(|value| *value != Value::Null)
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let definition = self.operation.variable_definitions.iter();
        let default = || {
            let mut named = definition.filter(|definition| definition.node.name.node == *name);
            named.next()?.node.default_value.as_ref().map(|value| value.node.clone())
        };
        self.variables.get(name).cloned().or_else(default)
    }
}
