//! The parameters of a GraphQL request, from a body or from a query string.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use async_graphql::{Value, Variables, indexmap::IndexMap};
use mime::Mime;

use super::fault::Fault;
use crate::graphql::{engine::Call, json};

/// Reads the body of a POST.
pub(super) fn from_body(body: &[u8]) -> Result<Call, Fault> {
    match json::read(body) {
        Ok(Value::Object(members)) => call(members),
        Ok(Value::List(_)) => {
            Err(Fault::bad_request("One request at a time: lists are not taken."))
        }
        Ok(_) => Err(Fault::bad_request("The body must be a JSON object.")),
        Err(reason) => Err(Fault::bad_request(format!("The body is not sound JSON: {reason}."))),
    }
}

/// Reads the query string of a GET.
pub(super) fn from_query_string(text: &str) -> Result<Call, Fault> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text)
        .map_err(|_| Fault::bad_request("The query string cannot be read."))?;
    let mut members = IndexMap::new();
    for (name, text) in pairs {
        let value = match name.as_str() {
            "query" | "documentId" | "operationName" => Value::String(text),
            "variables" | "extensions" => json::read(text.as_bytes()).map_err(|reason| {
                Fault::bad_request(format!("The parameter {name} is not sound JSON: {reason}."))
            })?,
            _ => continue,
        };
        if members.insert(async_graphql::Name::new(&name), value).is_some() {
            return Err(Fault::bad_request(format!("The parameter {name} is given twice.")));
        }
    }
    call(members)
}

/// Other members are ignored, as the specification asks.
pub(super) fn call(mut members: IndexMap<async_graphql::Name, Value>) -> Result<Call, Fault> {
    let mut take = |name| members.swap_remove(name).filter(|value| *value != Value::Null);
    let wrong = |name, wanted| Err(Fault::bad_request(format!("{name} must be {wanted}.")));
    let query = match take("query") {
        Some(Value::String(query)) => Some(query),
        None => None,
        Some(_) => return wrong("query", "a string"),
    };
    let document_id = match take("documentId") {
        Some(Value::String(id)) => Some(id),
        None => None,
        Some(_) => return wrong("documentId", "a string"),
    };
    let operation_name = match take("operationName") {
        None => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return wrong("operationName", "a string or null"),
    };
    let variables = match take("variables") {
        None => Variables::default(),
        Some(object @ Value::Object(_)) => Variables::from_value(object),
        Some(_) => return wrong("variables", "an object or null"),
    };
    let extensions = match take("extensions") {
        None => IndexMap::new(),
        Some(Value::Object(extensions)) => extensions,
        Some(_) => return wrong("extensions", "an object or null"),
    };
    let wants_cost = extensions.get("cost") == Some(&Value::Boolean(true));
    let not_before = match extensions.get("notBefore") {
        None | Some(Value::Null) => None,
        Some(Value::String(cursor)) => Some(cursor.clone()),
        Some(_) => return wrong("extensions.notBefore", "a cursor of the change feed"),
    };
    let persisted = persisted(&extensions);
    let persists = document_id.is_none() && persisted.is_some();
    let document_id = document_id.or(persisted);
    if query.is_none() && document_id.is_none() {
        return wrong("query", "a string, or documentId the digest of a registered document");
    }
    let document_id =
        document_id.map(|id| id.strip_prefix("sha256:").unwrap_or(&id).to_ascii_lowercase());
    let query = query.unwrap_or_default();
    let call = Call { query, document_id, operation_name, variables, ..Call::default() };
    Ok(Call { persists, wants_cost, not_before, ..call })
}

/// The digest as clients send it that persist queries by themselves: they send it again with
/// the query, which is run and not kept.
fn persisted(extensions: &IndexMap<async_graphql::Name, Value>) -> Option<String> {
    let Some(Value::Object(persisted)) = extensions.get("persistedQuery") else { return None };
    match persisted.get("sha256Hash") {
        Some(Value::String(digest)) => Some(digest.clone()),
        _ => None,
    }
}

/// Refuses a body that is not plain JSON in UTF-8. A browser may send other types across
/// origins without asking first, so this is also what keeps forged requests out.
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), Fault> {
    let mut types = headers.get_all(CONTENT_TYPE);
    let (first, more) = (types.next(), types.next());
    let read = first.filter(|_| more.is_none()).and_then(|value| value.to_str().ok()?.parse().ok());
    let json = read.is_some_and(|mime: Mime| {
        mime.essence_str() == mime::APPLICATION_JSON.essence_str()
            && mime.get_param(mime::CHARSET).is_none_or(|charset| charset == mime::UTF_8)
    });
    let plain = headers
        .get_all(CONTENT_ENCODING)
        .all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    match (json, plain) {
        (true, true) => Ok(()),
        (false, _) => {
            Err(Fault::unsupported("The content-type must be application/json in UTF-8."))
        }
        (true, false) => Err(Fault::unsupported("A request's body must not be compressed.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_query_and_perhaps_more() {
        let call = from_body(
            br#"{"query": "{a}", "operationName": "x", "variables": {"n": 1}, "extensions": {"cost": true}, "other": 1}"#,
        )
        .unwrap();
        assert_eq!((call.query.as_str(), call.operation_name.as_deref()), ("{a}", Some("x")));
        assert!(call.wants_cost && call.variables.contains_key("n"));
        let nulls =
            br#"{"query": "{a}", "operationName": null, "variables": null, "extensions": null}"#;
        assert!(from_body(nulls).is_ok());

        let call = from_query_string("query=%7Ba%7D&variables=%7B%22n%22:1%7D&other=1").unwrap();
        assert_eq!(call.query, "{a}");
        assert!(call.variables.contains_key("n"));
    }

    #[test]
    fn parameters_of_a_wrong_type_are_refused() {
        for body in [
            "[]",
            "1",
            "null",
            "{}",
            r#"[{"query": "{a}"}]"#,
            r#"{"query": 1}"#,
            r#"{"query": null}"#,
            r#"{"query": "{a}", "operationName": 1}"#,
            r#"{"query": "{a}", "variables": []}"#,
            r#"{"query": "{a}", "variables": "{}"}"#,
            r#"{"query": "{a}", "extensions": 0}"#,
            r#"{"query": "{a}", "extensions": {"notBefore": 7}}"#,
            r#"{"query": "{a}", "query": "{b}"}"#,
        ] {
            assert!(from_body(body.as_bytes()).is_err(), "{body}");
        }
        for text in
            ["", "variables={}", "query=a&query=b", "query=a&variables=x", "query=a&variables=[]"]
        {
            assert!(from_query_string(text).is_err(), "{text}");
        }
    }
}
