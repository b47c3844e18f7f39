//! JSON read strictly: one object, and no name twice at any depth.
//!
//! JSON libraries keep the last of two members of one name, others the first, so a
//! token with two roles would mean one thing to the issuer and another here.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, error::Category};

/// The members of one JSON object.
pub(super) type Object = Map<String, Value>;

/// Why a text is not one strict JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum JsonRefused {
    #[error("it is not JSON")]
    Malformed,
    #[error("it is not a JSON object")]
    NotAnObject,
    #[error("an object in it has two members of one name")]
    RepeatedMember,
}

/// Reads one object and nothing after it.
pub(super) fn object(bytes: &[u8]) -> Result<Object, JsonRefused> {
    match serde_json::from_slice(bytes) {
        Ok(Strict(Value::Object(members))) => Ok(members),
        Ok(_) => Err(JsonRefused::NotAnObject),
        // Every JSON value has a place in `Strict`: what is well-formed and yet
        // refused can only be a repeated member.
        Err(error) if error.classify() == Category::Data => Err(JsonRefused::RepeatedMember),
        Err(_) => Err(JsonRefused::Malformed),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Strict(value))) = object.next_entry::<String, Strict>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("repeated member"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_as_written() {
        let text =
            r#" {"a": [1, -2, 0.5, null, true, {"b": "\u00e9"}], "c": 18446744073709551615} "#;
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Value::Object(object(text.as_bytes()).unwrap()), expected);
    }

    #[test]
    fn anything_but_one_strict_object_is_refused() {
        use JsonRefused::{Malformed, NotAnObject, RepeatedMember};
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(2_000), "]".repeat(2_000));
        for (text, reason) in [
            (r#"{"a":1,"a":1}"#, RepeatedMember),
            (r#"{"a":1,"\u0061":2}"#, RepeatedMember),
            (r#"{"a":{"b":1,"c":2,"b":3}}"#, RepeatedMember),
            (r#"{"a":[{"b":1,"b":3}]}"#, RepeatedMember),
            ("[]", NotAnObject),
            ("null", NotAnObject),
            (r#""{}""#, NotAnObject),
            ("", Malformed),
            ("{}{}", Malformed),
            ("{} x", Malformed),
            ("\u{feff}{}", Malformed),
            ("{'a':1}", Malformed),
            (r#"{"a":1,}"#, Malformed),
            (r#"{"a":NaN}"#, Malformed),
            (r#"{"a":1e999}"#, Malformed),
            (r#"{"a":"\ud800"}"#, Malformed),
            (&deep, Malformed),
        ] {
            assert_eq!(object(text.as_bytes()), Err(reason), "{}", &text[..text.len().min(60)]);
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(Malformed));
    }
}
