//! Tokens whose form or signature is hostile: keys confused, swapped, left out.

use super::*;
use crate::auth::keys::ClaimPath;
use Part::{Claims, Header, Signature};

/// The three parts of a signed token.
fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<_> = token.split('.').collect();
    parts.try_into().unwrap()
}

type Change = fn([&str; 3]) -> String;

const HOSTILE_FORMS: &[(&str, Change, TokenRefused)] = &[
    ("empty", |_| String::new(), TokenRefused::NotThreeParts),
    ("one part", |[h, _, _]| h.to_owned(), TokenRefused::NotThreeParts),
    ("no signature part", |[h, c, _]| format!("{h}.{c}"), TokenRefused::NotThreeParts),
    ("four parts", |[h, c, s]| format!("{h}.{c}.{s}."), TokenRefused::NotThreeParts),
    ("five parts", |[h, c, s]| format!("{h}.{c}.{s}.{s}.{s}"), TokenRefused::NotThreeParts),
    ("only dots", |_| "..".to_owned(), TokenRefused::NotJson(Header)),
    ("signature empty", |[h, c, _]| format!("{h}.{c}."), TokenRefused::Signature),
    ("signature cut", |[h, c, s]| format!("{h}.{c}.{}", &s[..40]), TokenRefused::Signature),
    (
        "signature doubled",
        |[h, c, s]| format!("{h}.{c}.{}", base64url(bytes(s).repeat(2))),
        TokenRefused::Signature,
    ),
    (
        "signature of zeros",
        |[h, c, s]| format!("{h}.{c}.{}", base64url(vec![0; bytes(s).len()])),
        TokenRefused::Signature,
    ),
    (
        "signature of ones",
        |[h, c, s]| format!("{h}.{c}.{}", base64url(vec![255; bytes(s).len()])),
        TokenRefused::Signature,
    ),
    ("signature padded", |[h, c, s]| format!("{h}.{c}.{s}=="), TokenRefused::Encoding(Signature)),
    (
        "signature not base64",
        |[h, c, s]| format!("{h}.{c}.{s}!"),
        TokenRefused::Encoding(Signature),
    ),
    (
        "signature with a stray bit",
        |[h, c, s]| format!("{h}.{c}.{}", stray_bit(s)),
        TokenRefused::Encoding(Signature),
    ),
    ("claims padded", |[h, c, s]| format!("{h}.{c}==.{s}"), TokenRefused::Encoding(Claims)),
    ("claims empty", |[h, _, s]| format!("{h}..{s}"), TokenRefused::NotJson(Claims)),
    (
        "claims a list",
        |[h, _, s]| format!("{h}.{}.{s}", base64url("[]")),
        TokenRefused::NotJson(Claims),
    ),
    (
        "claims not UTF-8",
        |[h, _, s]| format!("{h}.{}.{s}", base64url(b"{\"iss\":\"\xff\"}")),
        TokenRefused::NotJson(Claims),
    ),
    (
        "header in base64, not base64url",
        |[_, c, s]| format!("e+/=.{c}.{s}"),
        TokenRefused::Encoding(Header),
    ),
    (
        "header not JSON",
        |[_, c, s]| format!("{}.{c}.{s}", base64url("alg")),
        TokenRefused::NotJson(Header),
    ),
    ("leading space", |[h, c, s]| format!(" {h}.{c}.{s}"), TokenRefused::Encoding(Header)),
    (
        "trailing line break",
        |[h, c, s]| format!("{h}.{c}.{s}\n"),
        TokenRefused::Encoding(Signature),
    ),
    ("with its scheme", |[h, c, s]| format!("Bearer {h}.{c}.{s}"), TokenRefused::Encoding(Header)),
    ("not ASCII", |[h, c, s]| format!("{h}.{c}.{s}é"), TokenRefused::Encoding(Signature)),
    ("8 kB of dots", |_| ".".repeat(8192), TokenRefused::NotThreeParts),
    ("a byte more than 8 kB", |_| ".".repeat(8193), TokenRefused::TooLong),
];

#[test]
fn hostile_forms_are_refused() {
    for algorithm in Algorithm::ALL {
        let honest = Draft::honest(algorithm).signed_by(&TRUSTED);
        verify(&honest).expect("the control is accepted");
        for (name, change, reason) in HOSTILE_FORMS {
            assert_eq!(verify(&change(parts(&honest))), Err(*reason), "{name}, {algorithm:?}");
        }
    }
}

fn bytes(part: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

/// The same bytes to a lax decoder: the unused low bits of the last character set.
/// Signatures here are of 64 or 256 bytes, so the last character carries two or four.
fn stray_bit(part: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = part.split_at(part.len() - 1);
    let index = alphabet.iter().position(|c| *c == last.as_bytes()[0]).unwrap();
    format!("{rest}{}", char::from(alphabet[index | 1]))
}

#[test]
fn a_changed_claim_breaks_the_signature() {
    for algorithm in Algorithm::ALL {
        let honest = Draft::honest(algorithm);
        let token = honest.signed_by(&TRUSTED);
        let mut widened = honest.clone();
        widened.claim("organisation", "hub:leeds");
        let [.., signature] = parts(&token);
        let forged = format!("{}.{signature}", widened.message());
        assert!(verify(&token).is_ok() && verify(&widened.signed_by(&TRUSTED)).is_ok());
        assert_eq!(verify(&forged), Err(TokenRefused::Signature), "{algorithm:?}");
    }
}

#[test]
fn a_strangers_key_is_not_believed() {
    for algorithm in Algorithm::ALL {
        let forged = Draft::honest(algorithm).signed_by(&STRANGER);
        assert_eq!(verify(&forged), Err(TokenRefused::Signature), "{algorithm:?}");
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    for algorithm in Algorithm::ALL {
        for secret in TRUSTED.public_forms(algorithm) {
            for (alg, reason) in [
                ("HS256", TokenRefused::ForbiddenAlgorithm),
                (algorithm.name(), TokenRefused::Signature),
            ] {
                let mut draft = Draft::honest(algorithm);
                draft.head("alg", alg);
                let message = draft.message();
                let signature = base64url(hmac_sha256(&secret, message.as_bytes()));
                assert_eq!(verify(&format!("{message}.{signature}")), Err(reason), "{algorithm:?}");
            }
        }
    }
}

#[test]
fn a_key_signs_with_its_own_algorithm_only() {
    for own in Algorithm::ALL {
        for other in Algorithm::ALL.into_iter().filter(|other| *other != own) {
            let mut named = Draft::honest(other);
            named.head("kid", kid(own));
            let named = named.signed_by(&TRUSTED);
            assert_eq!(verify(&named), Err(TokenRefused::AlgorithmOfKey), "{other:?} with {own:?}");

            let message = Draft::honest(own).message();
            let signature = base64url(TRUSTED.sign(other, message.as_bytes()));
            let silent = format!("{message}.{signature}");
            assert_eq!(verify(&silent), Err(TokenRefused::Signature), "{other:?} as {own:?}");
        }
    }
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    let token = Draft::honest(Algorithm::Es256).signed_by(&TRUSTED);
    let [header, claims, signature] = parts(&token);
    let (r, s) = (bytes(signature)[..32].to_vec(), bytes(signature)[32..].to_vec());
    let integer = |number: Vec<u8>| {
        let number = if number[0] < 0x80 { number } else { [vec![0], number].concat() };
        [vec![2, number.len() as u8], number].concat()
    };
    let body = [integer(r), integer(s)].concat();
    let der = [vec![0x30, body.len() as u8], body].concat();
    let forged = format!("{header}.{claims}.{}", base64url(der));
    assert!(verify(&token).is_ok());
    assert_eq!(verify(&forged), Err(TokenRefused::Signature));
}

/// A service that trusts two issuers, whose keys have the same `kid`s, and one of which
/// names its claims otherwise.
fn two_issuers() -> Tokens {
    let ours = key_set(&[TRUSTED.jwk(Algorithm::Es256), TRUSTED.jwk(Algorithm::EdDsa)]);
    let theirs = key_set(&[STRANGER.jwk(Algorithm::Es256)]);
    let mut other = IssuerSettings::new(OTHER, "urn:other-audience", theirs.path());
    other.role_claim = ClaimPath::named("https://other.example/role");
    other.organisation_claim = ClaimPath::named("https://other.example/organisation");
    other.ignored_claims = ["email".to_owned()].into();
    Tokens::configured(&[IssuerSettings::new(ISSUER, AUDIENCE, ours.path()), other]).unwrap()
}

const OTHER: &str = "https://other.example";

fn of_other(algorithm: Algorithm) -> Draft {
    let mut draft = Draft::honest(algorithm);
    let (role, organisation) = (draft.claims.remove("role"), draft.claims.remove("organisation"));
    draft.claim("https://other.example/role", role.unwrap());
    draft.claim("https://other.example/organisation", organisation.unwrap());
    draft.claim("iss", OTHER);
    draft.claim("aud", "urn:other-audience");
    draft.claim("email", "somebody@other.example");
    draft
}

#[test]
fn an_issuer_speaks_only_for_itself() {
    let service = two_issuers();
    let verify = |token: String| service.verify(&token, at(NOW)).map(|_| ());
    let es256 = Algorithm::Es256;
    assert_eq!(verify(Draft::honest(es256).signed_by(&TRUSTED)), Ok(()));
    assert_eq!(verify(of_other(es256).signed_by(&STRANGER)), Ok(()));

    let in_our_name = Draft::honest(es256).signed_by(&STRANGER);
    assert_eq!(verify(in_our_name), Err(TokenRefused::Signature));
    let in_their_name = of_other(es256).signed_by(&TRUSTED);
    assert_eq!(verify(in_their_name), Err(TokenRefused::Signature));
    let with_our_kid = of_other(Algorithm::EdDsa).signed_by(&TRUSTED);
    assert_eq!(verify(with_our_kid), Err(TokenRefused::UnknownKey));

    let mut our_audience = of_other(es256);
    our_audience.claim("aud", AUDIENCE);
    assert_eq!(verify(our_audience.signed_by(&STRANGER)), Err(TokenRefused::Audience));
    let mut our_claim = of_other(es256);
    our_claim.claim("role", "programme_team");
    assert_eq!(verify(our_claim.signed_by(&STRANGER)), Err(TokenRefused::UnknownClaim));
    let mut ignored_elsewhere = Draft::honest(es256);
    ignored_elsewhere.claim("email", "somebody@other.example");
    assert_eq!(verify(ignored_elsewhere.signed_by(&TRUSTED)), Err(TokenRefused::UnknownClaim));
}

#[test]
fn a_key_taken_out_of_the_file_is_retired() {
    let token = Draft::honest(Algorithm::EdDsa).signed_by(&TRUSTED);
    let service = |algorithms: &[Algorithm]| {
        let jwks: Vec<_> = algorithms.iter().map(|algorithm| TRUSTED.jwk(*algorithm)).collect();
        let file = key_set(&jwks);
        Tokens::configured(&[IssuerSettings::new(ISSUER, AUDIENCE, file.path())]).unwrap()
    };
    let before = service(&[Algorithm::Es256, Algorithm::EdDsa]);
    assert!(before.verify(&token, at(NOW)).is_ok());
    let after = service(&[Algorithm::Es256]);
    assert_eq!(after.verify(&token, at(NOW)), Err(TokenRefused::UnknownKey));
}
