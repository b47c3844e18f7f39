//! Objects that tell all of their fields at once. The usual way makes a future of every
//! field, which for a dashboard of some thousand figures costs more than the figures do.
//! What is asked in a way that is not known here (a directive, one key asked twice, a
//! field that has to be looked up) goes the usual way, and the answer is the same.

use async_graphql::{
    ContextSelectionSet, Name, Positioned, ScalarType, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
};

/// An object that knows its fields without waiting for anything.
pub(super) trait Told {
    /// Its name in the schema.
    const TYPE: &'static str;
    /// Whether that is the name of an interface, of which it has one of the types.
    const IS_INTERFACE: bool = false;

    /// The value of a field; none where it has to be resolved the usual way.
    fn tell(&self, asking: Asking<'_>, field: &Field) -> Option<Value>;
}

/// What a selection is read with.
pub(super) type Asking<'a> = &'a ContextSelectionSet<'a>;

/// A scalar, or null.
pub(super) fn scalar<S: ScalarType>(scalar: Option<S>) -> Value {
    scalar.map_or(Value::Null, |scalar| scalar.to_value())
}

/// An object with what is selected of it; none where the usual way is needed.
pub(super) fn object<T: Told>(told: &T, asking: Asking<'_>, set: &SelectionSet) -> Option<Value> {
    let mut members = IndexMap::with_capacity(set.items.len());
    add(told, asking, set, &mut members)?;
    Some(Value::Object(members))
}

/// An object within another, or null.
pub(super) fn nested<T: Told>(
    told: Option<&T>,
    asking: Asking<'_>,
    field: &Field,
) -> Option<Value> {
    let Some(told) = told else { return Some(Value::Null) };
    object(told, asking, &field.selection_set.node)
}

/// A list of objects that are asked alike.
pub(super) fn list<T: Told>(
    all: &[T],
    asking: Asking<'_>,
    field: &Positioned<Field>,
) -> Option<Value> {
    let set = &field.node.selection_set.node;
    let mut values = Vec::with_capacity(all.len());
    for told in all {
        values.push(object(told, asking, set)?);
    }
    Some(Value::List(values))
}

fn add<T: Told>(
    told: &T,
    asking: Asking<'_>,
    set: &SelectionSet,
    members: &mut IndexMap<Name, Value>,
) -> Option<()> {
    for selection in &set.items {
        if !selection.node.directives().is_empty() {
            return None;
        }
        match &selection.node {
            Selection::Field(field) => {
                let field = &field.node;
                let value = match field.name.node.as_str() {
                    "__typename" if !T::IS_INTERFACE => Value::from(T::TYPE),
                    _ => told.tell(asking, field)?,
                };
                if members.insert(field.response_key().node.clone(), value).is_some() {
                    return None;
                }
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let fragment = &asking.query_env.fragments.get(name)?.node;
                if fragment.type_condition.node.on.node != T::TYPE {
                    return None;
                }
                add(told, asking, &fragment.selection_set.node, members)?;
            }
            Selection::InlineFragment(fragment) => {
                let fragment = &fragment.node;
                let on = fragment.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                if on.is_some_and(|on| on != T::TYPE) {
                    return None;
                }
                add(told, asking, &fragment.selection_set.node, members)?;
            }
        }
    }
    Some(())
}

/// Makes the output type of a list that is told at once, and otherwise is the list of
/// those objects.
macro_rules! told_list {
    ($(#[doc = $doc:literal])+ $name:ident of $item:ident) => {
        $(#[doc = $doc])+
        pub struct $name(pub Vec<$item>);

        impl async_graphql::OutputType for $name {
            fn type_name() -> std::borrow::Cow<'static, str> {
                <Vec<$item> as async_graphql::OutputType>::type_name()
            }

            fn qualified_type_name() -> String {
                <Vec<$item> as async_graphql::OutputType>::qualified_type_name()
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                <Vec<$item> as async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                ctx: &async_graphql::ContextSelectionSet<'_>,
                field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                if let Some(told) = $crate::graphql::metrics::told::list(&self.0, ctx, field) {
                    return Ok(told);
                }
                Box::pin(async_graphql::OutputType::resolve(&self.0, ctx, field)).await
            }
        }
    };
}
pub(super) use told_list;
