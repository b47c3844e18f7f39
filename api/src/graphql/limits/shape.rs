//! What can be said of a query's size without knowing the schema or the variables.
//!
//! Fragments are measured once each and remembered: written out, eight spreads in
//! each of 23 fragments are more selections than there are grains of sand, and
//! async-graphql would visit every one.

use std::collections::HashMap;

use async_graphql::{
    Pos, Positioned,
    parser::types::{Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};

use crate::{config::Limits, graphql::refusal::Refusal};

/// A selection set with its fragments written out.
#[derive(Debug, Default, Clone, Copy)]
struct Shape {
    selections: u64,
    aliases: u64,
    depth: usize,
}

/// Refuses a document that is larger than the limits, or whose fragments go in circles.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Refusal> {
    let mut measure = Measure { document, limits, fragments: HashMap::new() };
    let mut whole = Shape::default();
    for (_, operation) in document.operations.iter() {
        measure.directives(&operation.node.directives, operation.pos)?;
        for variable in &operation.node.variable_definitions {
            measure.directives(&variable.node.directives, variable.pos)?;
        }
        whole = whole.and(measure.set(&operation.node.selection_set.node)?);
    }
    measure.within_limits(whole)?;
    for (name, fragment) in &document.fragments {
        measure.directives(&fragment.node.directives, fragment.pos)?;
        let shape = measure.fragment(name, fragment.pos)?;
        measure.within_limits(shape)?;
    }
    Ok(())
}

/// Refuses a subscription that is not about one field alone: as the specification has it,
/// and written out, for async-graphql overlooks here what stands in a fragment.
pub(super) fn has_one_root(operation: &OperationDefinition) -> Result<(), Refusal> {
    let set = &operation.selection_set;
    let [only] = &set.node.items[..] else {
        return Err(Refusal::bad_request("A subscription is about one field.").at(set.pos));
    };
    let Selection::Field(field) = &only.node else {
        let sentence = "The field of a subscription is written out, not in a fragment.";
        return Err(Refusal::bad_request(sentence).at(only.pos));
    };
    if field.node.name.node.starts_with("__") || !field.node.directives.is_empty() {
        let sentence = "The field of a subscription says what to follow, without conditions.";
        return Err(Refusal::bad_request(sentence).at(only.pos));
    }
    Ok(())
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// Measured fragments; `None` while one is being measured.
    fragments: HashMap<&'a str, Option<Shape>>,
}

impl<'a> Measure<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Shape, Refusal> {
        let mut whole = Shape::default();
        for selection in &set.items {
            self.directives(selection.node.directives(), selection.pos)?;
            let inner = match &selection.node {
                Selection::Field(field) => {
                    let mut inner = self.set(&field.node.selection_set.node)?;
                    inner.aliases = inner.aliases.saturating_add(field.node.alias.is_some().into());
                    Shape { depth: inner.depth + 1, ..inner }
                }
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, selection.pos)?
                }
            };
            whole = whole.and(inner).and(Shape { selections: 1, ..Shape::default() });
        }
        Ok(whole)
    }

    /// A fragment that does not exist has no size; validation says that it is missing.
    fn fragment(&mut self, name: &str, place: Pos) -> Result<Shape, Refusal> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Shape::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(Some(known)) => Ok(*known),
            Some(None) => {
                let message = format!("The fragment {name} contains itself.");
                Err(Refusal::bad_request(message).at(place))
            }
            None => {
                self.fragments.insert(name, None);
                let shape = self.set(&fragment.node.selection_set.node)?;
                self.fragments.insert(name, Some(shape));
                Ok(shape)
            }
        }
    }

    fn directives(&self, directives: &[Positioned<Directive>], at: Pos) -> Result<(), Refusal> {
        if directives.len() > self.limits.directives {
            let (counted, limit) = (directives.len() as u64, self.limits.directives as u64);
            return Err(Refusal::too_complex("The number of directives", counted, limit).at(at));
        }
        Ok(())
    }

    fn within_limits(&self, shape: Shape) -> Result<(), Refusal> {
        let limits = [
            ("The depth of the query", shape.depth as u64, self.limits.depth as u64),
            ("The number of aliases", shape.aliases, self.limits.aliases),
            ("The number of selections", shape.selections, self.limits.selections),
        ];
        match limits.into_iter().find(|(_, counted, limit)| counted > limit) {
            Some((what, counted, limit)) => Err(Refusal::too_complex(what, counted, limit)),
            None => Ok(()),
        }
    }
}

impl Shape {
    /// Two parts of one selection set.
    fn and(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: self.depth.max(other.depth),
        }
    }
}
