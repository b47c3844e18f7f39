//! Random input: nothing panics, and nothing but an issued token is believed.

use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value, json};

use super::*;

static HONEST: LazyLock<[String; 5]> =
    LazyLock::new(|| Algorithm::ALL.map(|algorithm| Draft::honest(algorithm).signed_by(&TRUSTED)));

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #[test]
    fn noise_is_refused(text in any::<String>(), parts in vec(vec(any::<u8>(), 0..200), 0..5)) {
        let encoded: Vec<_> = parts.iter().map(base64url).collect();
        prop_assert!(verify(&text).is_err());
        prop_assert!(verify(&encoded.join(".")).is_err());
    }

    #[test]
    fn a_token_with_other_bytes_is_refused(
        which in 0..5_usize,
        place in any::<Index>(),
        removed in 0..4_usize,
        inserted in "[A-Za-z0-9_.=é-]{0,4}",
    ) {
        let honest = &HONEST[which];
        let start = place.index(honest.len());
        let end = honest.len().min(start + removed);
        let changed = format!("{}{inserted}{}", &honest[..start], &honest[end..]);
        prop_assume!(changed != *honest);
        prop_assert!(verify(honest).is_ok());
        prop_assert!(verify(&changed).is_err());
    }

    #[test]
    fn no_signed_value_panics(place in any::<Index>(), value in any_json(), header in any::<bool>()) {
        let mut draft = Draft::honest(Algorithm::EdDsa);
        let members = if header { &mut draft.header } else { &mut draft.claims };
        let name = members.keys().nth(place.index(members.len())).unwrap().clone();
        members.insert(name.clone(), value.clone());
        let verified = verify(&draft.signed_by(&TRUSTED));
        // Only these claims have more than a handful of values that are right.
        let free = !header && (value.is_string() && matches!(&*name, "sub" | "jti"));
        prop_assert!(free || verified.is_err(), "{name}: {value}");
    }
}
