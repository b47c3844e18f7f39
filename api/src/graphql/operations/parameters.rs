//! The variables of a query, from the parameters of a URL.

use async_graphql::{
    Value, Variables,
    indexmap::IndexMap,
    parser::types::{BaseType, OperationDefinition, Type},
};

use crate::{
    graphql::{json, limits::prices::Prices, refusal::Refusal},
    ids::shortened,
};

/// Reads each parameter as its variable's type: numbers and `true` or `false` as such, input
/// objects as JSON, everything else as text. A list is a parameter that is sent again for
/// each of its items.
///
/// # Errors
///
/// Everything that is wrong, in one refusal; a sentence for each mistake.
pub(in crate::graphql) fn read(
    prices: &Prices,
    operation: &OperationDefinition,
    given: Vec<(String, String)>,
) -> Result<Variables, Refusal> {
    let mut variables = Variables::default();
    let mut mistakes = Vec::new();
    let mut by_name: IndexMap<String, Vec<String>> = IndexMap::new();
    for (name, text) in given {
        by_name.entry(name).or_default().push(text);
    }
    for definition in &operation.variable_definitions {
        let (name, wanted) = (&definition.node.name.node, &definition.node.var_type.node);
        match by_name.shift_remove(name.as_str()) {
            Some(texts) => match value(prices, wanted, &texts) {
                Ok(value) => _ = variables.insert(name.clone(), value),
                Err(why) => mistakes.push(format!("{name}: {why}")),
            },
            None if wanted.nullable || definition.node.default_value.is_some() => {}
            None => mistakes.push(format!("{name} is missing: send it, a {wanted}")),
        }
    }
    let known = operation.variable_definitions.iter().map(|it| it.node.name.node.to_string());
    let known: Vec<String> = known.collect();
    for name in by_name.keys() {
        let name = shortened(name);
        mistakes.push(match known.is_empty() {
            true => format!("there is no parameter {name:?}: this query has none"),
            false => format!("there is no parameter {name:?}: send {}", known.join(", ")),
        });
    }
    if mistakes.is_empty() { Ok(variables) } else { Err(Refusal::bad_request(mistakes.join(". "))) }
}

fn value(prices: &Prices, wanted: &Type, texts: &[String]) -> Result<Value, String> {
    match (&wanted.base, texts) {
        (BaseType::List(item), texts) => {
            let items = texts.iter().map(|text| value(prices, item, std::slice::from_ref(text)));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        (BaseType::Named(name), [text]) => named(prices, name, text),
        (BaseType::Named(_), _) => Err("it is sent twice: send it once".to_owned()),
    }
}

fn named(prices: &Prices, name: &str, text: &str) -> Result<Value, String> {
    if text.contains('\0') {
        return Err("it holds U+0000, which no text here may".to_owned());
    }
    let json = |wanted: &str| {
        json::read(text.as_bytes())
            .map_err(|why| format!("{:?} is not {wanted}: {why}", shortened(text)))
    };
    let (value, wanted) = match name {
        "Int" | "Float" => (json("a number")?, "a number"),
        "Boolean" => (json("true or false")?, "true or false"),
        _ if prices.is_input(name) => (json("a JSON object")?, "a JSON object"),
        _ => return Ok(Value::String(text.to_owned())),
    };
    let fits = match &value {
        Value::Number(_) => matches!(name, "Int" | "Float"),
        Value::Boolean(_) => name == "Boolean",
        Value::Object(_) => prices.is_input(name),
        _ => false,
    };
    if fits { Ok(value) } else { Err(format!("{:?} is not {wanted}", shortened(text))) }
}
