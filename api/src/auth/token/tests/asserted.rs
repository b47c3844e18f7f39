//! Assertions of machine clients: what each attack is refused for.

use serde_json::json;

use super::*;
use crate::auth::{keys::client_key, token::Assertion};

const ENDPOINT: &str = "https://gpa.example/oauth2/token";

fn draft(algorithm: Algorithm) -> Draft {
    let mut draft = Draft::honest(algorithm);
    draft.header.remove("typ");
    draft.claims = json!({ "iss": "portal", "sub": "portal", "aud": ENDPOINT, "jti": "a-1",
        "exp": NOW + 300, "iat": NOW })
    .as_object()
    .unwrap()
    .clone();
    draft
}

fn check(draft: &Draft, signer: &Keyring, key: Algorithm) -> Result<String, TokenRefused> {
    let text = draft.signed_by(signer);
    let assertion = Assertion::read(&text, ENDPOINT, at(NOW))?;
    let jwk = Value::Object(TRUSTED.jwk(key)).to_string();
    assertion.is_signed_by(Some(&client_key(&jwk).unwrap().1))?;
    Ok(assertion.client().to_owned())
}

#[test]
fn an_honest_assertion_of_either_algorithm_holds() {
    for algorithm in [Algorithm::Rs512, Algorithm::Es256] {
        assert_eq!(check(&draft(algorithm), &TRUSTED, algorithm).as_deref(), Ok("portal"));
        for typ in ["JWT", "client-authentication+jwt"] {
            let mut typed = draft(algorithm);
            typed.head("typ", typ);
            assert!(check(&typed, &TRUSTED, algorithm).is_ok());
        }
    }
    let mut listed = draft(Algorithm::Es256);
    listed.claim("aud", json!([ENDPOINT]));
    assert!(check(&listed, &TRUSTED, Algorithm::Es256).is_ok());
}

#[test]
fn claims_that_are_wrong_are_refused() {
    use TokenRefused::{
        Audience, Expired, IssuedInFuture, Lifetime, Missing, Mistyped, NotOfOneClient,
        NotYetValid, UnknownClaim,
    };
    for (name, value, why) in [
        ("iss", json!("other"), NotOfOneClient),
        ("sub", json!("other"), NotOfOneClient),
        ("iss", json!(null), Mistyped("iss")),
        ("aud", json!("https://gpa.example"), Audience),
        ("aud", json!("https://gpa.example/oauth2/token/"), Audience),
        ("aud", json!([ENDPOINT, "https://other.example"]), Audience),
        ("aud", json!([]), Audience),
        ("aud", json!(7), Mistyped("aud")),
        ("exp", json!(NOW + 301), Lifetime),
        ("exp", json!(NOW + 86_400), Lifetime),
        ("exp", json!(NOW - 60), Expired),
        ("exp", json!("soon"), Mistyped("exp")),
        ("iat", json!(NOW + 61), IssuedInFuture),
        ("nbf", json!(NOW + 61), NotYetValid),
        ("jti", json!(""), Mistyped("jti")),
        ("jti", json!("x".repeat(256)), Mistyped("jti")),
        ("scope", json!("sites:read"), UnknownClaim),
    ] {
        let mut wrong = draft(Algorithm::Es256);
        wrong.claim(name, value.clone());
        let checked = check(&wrong, &TRUSTED, Algorithm::Es256);
        assert_eq!(checked, Err(why), "{name}: {value}");
    }
    for name in ["iss", "sub", "aud", "exp", "jti"] {
        let mut without = draft(Algorithm::Es256);
        without.claims.remove(name);
        assert_eq!(check(&without, &TRUSTED, Algorithm::Es256), Err(Missing(name)));
    }
}

#[test]
fn signatures_of_others_and_headers_that_point_elsewhere_are_refused() {
    let (rsa, ec) = (Algorithm::Rs512, Algorithm::Es256);
    assert_eq!(check(&draft(ec), &STRANGER, ec), Err(TokenRefused::Signature));
    assert_eq!(check(&draft(ec), &TRUSTED, rsa), Err(TokenRefused::AlgorithmOfKey));
    for other in [Algorithm::Rs256, Algorithm::Ps256] {
        assert_eq!(check(&draft(other), &TRUSTED, rsa), Err(TokenRefused::AlgorithmOfKey));
    }
    for name in ["jku", "jwk", "x5u", "x5c", "crit", "b64"] {
        let mut pointing = draft(ec);
        pointing.head(name, "https://attacker.example");
        assert_eq!(check(&pointing, &TRUSTED, ec), Err(TokenRefused::HeaderMember(name)));
    }
    for algorithm in ["none", "HS256", "HS512", "ES384"] {
        let mut confused = draft(ec);
        confused.head("alg", algorithm);
        assert_eq!(check(&confused, &TRUSTED, ec), Err(TokenRefused::ForbiddenAlgorithm));
    }
    let mut access = draft(ec);
    access.head("typ", "at+jwt");
    assert_eq!(check(&access, &TRUSTED, ec), Err(TokenRefused::Type));
    for algorithm in [Algorithm::Rs256, Algorithm::Ps256, Algorithm::EdDsa] {
        let jwk = Value::Object(TRUSTED.jwk(algorithm)).to_string();
        assert!(client_key(&jwk).is_err(), "clients sign with RS512 or ES256");
    }
}
