//! Which fields and arguments of the schema an operation names, as schema coordinates:
//! `Site.name`, `Query.sites(first:)`.

use std::collections::{BTreeSet, HashSet};

use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};

use super::prices::Prices;

/// The coordinates, each once, in the order of the alphabet. Introspection is not counted,
/// nor what the schema does not have.
pub(super) fn of(
    prices: &Prices,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    root: &str,
) -> BTreeSet<String> {
    let mut walk = Walk { prices, document, seen: HashSet::new(), found: BTreeSet::new() };
    walk.set(&operation.selection_set.node, root);
    walk.found
}

struct Walk<'a> {
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    /// The fragments that were walked through.
    seen: HashSet<&'a str>,
    found: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet, type_name: &str) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let Some(price) = self.prices.of(type_name, name) else { continue };
                    self.found.insert(format!("{type_name}.{name}"));
                    for (argument, _) in &field.node.arguments {
                        self.found.insert(format!("{type_name}.{name}({}:)", argument.node));
                    }
                    self.set(&field.node.selection_set.node, &price.result);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(type_name, |condition| &condition.node.on.node);
                    self.set(&inline.node.selection_set.node, on);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if self.seen.insert(name) {
                        let on = &fragment.node.type_condition.node.on.node;
                        self.set(&fragment.node.selection_set.node, on);
                    }
                }
            }
        }
    }
}
