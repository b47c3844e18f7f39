//! Reads JSON as strictly as it deserves when it decides what is written where.
//!
//! serde_json keeps the last of two members of the same name, and readers before us may
//! have kept the first; that difference has let requests past checks elsewhere. So a
//! duplicate is an error here, and so is U+0000, which a database's text cannot hold.

use std::fmt;

use async_graphql::{Name, Value, indexmap::IndexMap};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};

/// A JSON value without duplicate members and without U+0000.
struct Strict(Value);

/// Reads a whole text; the error is a sentence for its sender.
pub fn read(text: &[u8]) -> Result<Value, String> {
    let strict = serde_json::from_slice::<Strict>(text);
    strict.map(|strict| strict.0).map_err(|error| error.to_string())
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Boolean(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        let finite =
            serde_json::Number::from_f64(number).ok_or_else(|| E::custom("not a number"))?;
        Ok(Value::Number(finite))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        without_nul(text)?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = IndexMap::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            without_nul(&name)?;
            if object.insert(Name::new(name), value).is_some() {
                return Err(de::Error::custom("a member is given twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

fn without_nul<E: de::Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        return Err(E::custom("a text holds the character U+0000, which is not allowed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn sound_json_is_read_as_it_stands() {
        let text = r#"{"a": [1, -2, 2.5, "é\n", true, null, {}], "b": 18446744073709551615}"#;
        let expected =
            value!({"a": [1, -2, 2.5, "é\n", true, null, {}], "b": 18446744073709551615_u64});
        assert_eq!(read(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn unsound_json_is_refused() {
        let deep = "[".repeat(512_000);
        for text in [
            "",
            "{",
            "nul",
            "{} {}",
            "1e999",
            "{'a': 1}",
            "[1,]",
            "\u{feff}{}",
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": [{"b": 1, "\u0062": 2}]}"#,
            r#""\u0000""#,
            r#"{"a\u0000": 1}"#,
            r#""\ud800""#,
            &deep,
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text:.40}");
        }
        assert!(read(b"\"\xff\"").is_err());
    }
}
