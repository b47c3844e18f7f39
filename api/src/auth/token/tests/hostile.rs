//! Tokens that the trusted issuer's own key signed and that are hostile all the same,
//! each tried with every algorithm.

use serde_json::json;

use super::*;
use Part::{Claims, Header};
use TokenRefused::{
    Audience, Expired, ForbiddenAlgorithm, HeaderMember, IssuedInFuture, Lifetime, Missing,
    Mistyped, NoKey, NotJson, NotYetValid, Organisation, OrganisationKind, RepeatedMember,
    ScopeNotForRole, TooLong, Type, UnknownClaim, UnknownIssuer, UnknownKey, UnknownRole,
    UnknownScope,
};

/// What the attack changes in the control.
type Change = fn(&mut Draft);

type Case = (&'static str, Change, TokenRefused);

fn assert_refused(cases: &[Case], control: Change) {
    for algorithm in Algorithm::ALL {
        let mut honest = Draft::honest(algorithm);
        control(&mut honest);
        verify(&honest.signed_by(&TRUSTED)).expect("the control is accepted");
        for (name, attack, reason) in cases {
            let mut hostile = honest.clone();
            attack(&mut hostile);
            let refused = verify(&hostile.signed_by(&TRUSTED));
            assert_eq!(refused, Err(*reason), "{name} with {algorithm:?}");
        }
    }
}

#[test]
fn hostile_headers_are_refused() {
    let cases: &[Case] = &[
        ("alg none", |t| t.head("alg", "none"), ForbiddenAlgorithm),
        ("alg None", |t| t.head("alg", "None"), ForbiddenAlgorithm),
        ("alg NONE", |t| t.head("alg", "NONE"), ForbiddenAlgorithm),
        ("alg empty", |t| t.head("alg", ""), ForbiddenAlgorithm),
        ("alg HS256", |t| t.head("alg", "HS256"), ForbiddenAlgorithm),
        ("alg HS512", |t| t.head("alg", "HS512"), ForbiddenAlgorithm),
        ("alg in small letters", |t| t.head("alg", "es256"), ForbiddenAlgorithm),
        ("alg with a space", |t| t.head("alg", "ES256 "), ForbiddenAlgorithm),
        ("alg of an encryption", |t| t.head("alg", "RSA-OAEP"), ForbiddenAlgorithm),
        ("alg RS1", |t| t.head("alg", "RS1"), ForbiddenAlgorithm),
        ("alg list", |t| t.head("alg", json!(["ES256"])), ForbiddenAlgorithm),
        ("alg null", |t| t.head("alg", json!(null)), ForbiddenAlgorithm),
        ("no alg", |t| drop(t.header.remove("alg")), ForbiddenAlgorithm),
        ("no typ", |t| drop(t.header.remove("typ")), Type),
        ("typ JWT", |t| t.head("typ", "JWT"), Type),
        ("typ of an assertion", |t| t.head("typ", "client-authentication+jwt"), Type),
        ("typ of a logout token", |t| t.head("typ", "logout+jwt"), Type),
        ("typ of a proof", |t| t.head("typ", "dpop+jwt"), Type),
        ("typ with a parameter", |t| t.head("typ", "at+jwt;v=1"), Type),
        ("typ text/at+jwt", |t| t.head("typ", "text/at+jwt"), Type),
        ("typ list", |t| t.head("typ", json!(["at+jwt"])), Type),
        ("no kid", |t| drop(t.header.remove("kid")), NoKey),
        ("kid number", |t| t.head("kid", 1), NoKey),
        ("kid empty", |t| t.head("kid", ""), UnknownKey),
        ("kid unknown", |t| t.head("kid", "retired"), UnknownKey),
        ("kid path", |t| t.head("kid", "../../dev/null"), UnknownKey),
        ("kid SQL", |t| t.head("kid", "x' UNION SELECT 'key"), UnknownKey),
        ("kid of another case", |t| t.head("kid", "KEY-EDDSA"), UnknownKey),
        ("crit", |t| t.head("crit", json!(["exp"])), HeaderMember("crit")),
        ("crit empty", |t| t.head("crit", json!([])), HeaderMember("crit")),
        ("jwk", |t| t.head("jwk", STRANGER.jwk(t.algorithm)), HeaderMember("jwk")),
        ("jku", |t| t.head("jku", "https://evil.example/jwks"), HeaderMember("jku")),
        ("x5u", |t| t.head("x5u", "https://evil.example/cert"), HeaderMember("x5u")),
        ("x5c", |t| t.head("x5c", json!(["MIIB"])), HeaderMember("x5c")),
        ("x5t", |t| t.head("x5t", "https://evil.example/"), HeaderMember("x5t")),
        ("zip", |t| t.head("zip", "DEF"), HeaderMember("zip")),
        ("b64 false", |t| t.head("b64", false), HeaderMember("b64")),
        ("cty JWT", |t| t.head("cty", "JWT"), HeaderMember("cty")),
        ("enc", |t| t.head("enc", "A256GCM"), HeaderMember("enc")),
        ("url", |t| t.head("url", "https://evil.example/"), HeaderMember("url")),
        ("nonce", |t| t.head("nonce", "n"), HeaderMember("nonce")),
        ("unknown member", |t| t.head("x-admin", true), HeaderMember("unknown")),
        ("header too long", |t| t.head("kid", "k".repeat(800)), TooLong),
        ("alg twice", |t| t.header_again = r#","alg":"none""#.into(), RepeatedMember(Header)),
        ("kid twice", |t| t.header_again = r#","kid":"key""#.into(), RepeatedMember(Header)),
        (
            "alg twice, escaped",
            |t| t.header_again = r#","\u0061lg":"none""#.into(),
            RepeatedMember(Header),
        ),
        ("header not JSON", |t| t.header_again = ",".into(), NotJson(Header)),
    ];
    assert_refused(cases, |_| {});
}

#[test]
fn spellings_of_the_type_are_accepted() {
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        let mut draft = Draft::honest(Algorithm::Es256);
        draft.head("typ", typ);
        assert!(verify(&draft.signed_by(&TRUSTED)).is_ok(), "{typ}");
    }
}

#[test]
fn hostile_identities_are_refused() {
    let cases: &[Case] = &[
        ("no iss", |t| drop(t.claims.remove("iss")), Missing("iss")),
        ("iss list", |t| t.claim("iss", json!([ISSUER])), Mistyped("iss")),
        ("iss unknown", |t| t.claim("iss", "https://evil.example"), UnknownIssuer),
        ("iss with a slash more", |t| t.claim("iss", format!("{ISSUER}/")), UnknownIssuer),
        ("iss of the embedded key", |t| t.claim("iss", "urn:gpa:embedded"), UnknownIssuer),
        ("no aud", |t| drop(t.claims.remove("aud")), Missing("aud")),
        ("aud of another service", |t| t.claim("aud", "https://other.example"), Audience),
        ("aud begins like ours", |t| t.claim("aud", format!("{AUDIENCE}.evil")), Audience),
        ("aud empty list", |t| t.claim("aud", json!([])), Audience),
        ("aud list without ours", |t| t.claim("aud", json!(["a", "b"])), Audience),
        ("aud list with a number", |t| t.claim("aud", json!([AUDIENCE, 1])), Mistyped("aud")),
        ("aud nested list", |t| t.claim("aud", json!([[AUDIENCE]])), Mistyped("aud")),
        ("aud object", |t| t.claim("aud", json!({AUDIENCE: true})), Mistyped("aud")),
        ("aud null", |t| t.claim("aud", json!(null)), Mistyped("aud")),
        ("no sub", |t| drop(t.claims.remove("sub")), Missing("sub")),
        ("sub empty", |t| t.claim("sub", ""), Mistyped("sub")),
        ("sub number", |t| t.claim("sub", 7), Mistyped("sub")),
        ("sub with NUL", |t| t.claim("sub", "a\0b"), Mistyped("sub")),
        ("sub with a line break", |t| t.claim("sub", "a\nlevel=info"), Mistyped("sub")),
        ("sub too long", |t| t.claim("sub", "s".repeat(256)), Mistyped("sub")),
        ("no jti", |t| drop(t.claims.remove("jti")), Missing("jti")),
        ("jti number", |t| t.claim("jti", 7), Mistyped("jti")),
        ("jti empty", |t| t.claim("jti", ""), Mistyped("jti")),
        ("exp twice", |t| t.claims_again = r#","exp":1"#.into(), RepeatedMember(Claims)),
        ("iss twice", |t| t.claims_again = format!(r#","iss":"{ISSUER}""#), RepeatedMember(Claims)),
        ("claims not JSON", |t| t.claims_again = "]".into(), NotJson(Claims)),
    ];
    assert_refused(cases, |_| {});
}

#[test]
fn hostile_times_are_refused() {
    let cases: &[Case] = &[
        ("no exp", |t| drop(t.claims.remove("exp")), Missing("exp")),
        ("exp null", |t| t.claim("exp", json!(null)), Mistyped("exp")),
        ("exp text", |t| t.claim("exp", (NOW + 600).to_string()), Mistyped("exp")),
        ("exp fraction", |t| t.claim("exp", NOW as f64 + 600.5), Mistyped("exp")),
        ("exp whole float", |t| t.claim("exp", NOW as f64 + 600.0), Mistyped("exp")),
        ("exp negative", |t| t.claim("exp", -1), Mistyped("exp")),
        ("exp beyond i64", |t| t.claim("exp", u64::MAX), Mistyped("exp")),
        ("exp i64::MAX", |t| t.claim("exp", i64::MAX), Mistyped("exp")),
        ("exp in milliseconds", |t| t.claim("exp", (NOW + 600) * 1000), Mistyped("exp")),
        ("exp 1e300", |t| t.claim("exp", 1e300), Mistyped("exp")),
        ("exp list", |t| t.claim("exp", json!([NOW + 600])), Mistyped("exp")),
        ("no iat", |t| drop(t.claims.remove("iat")), Missing("iat")),
        ("iat text", |t| t.claim("iat", NOW.to_string()), Mistyped("iat")),
        ("iat true", |t| t.claim("iat", true), Mistyped("iat")),
        ("iat negative", |t| t.claim("iat", -5), Mistyped("iat")),
        ("nbf text", |t| t.claim("nbf", NOW.to_string()), Mistyped("nbf")),
        ("nbf null", |t| t.claim("nbf", json!(null)), Mistyped("nbf")),
        ("nbf tomorrow", |t| t.claim("nbf", NOW + 86_400), NotYetValid),
        (
            "iat tomorrow",
            |t| {
                t.claim("iat", NOW + 86_400);
                t.claim("exp", NOW + 86_500)
            },
            IssuedInFuture,
        ),
        ("lives too long", |t| t.claim("exp", NOW + 3601), Lifetime),
        ("lives for ever", |t| t.claim("exp", 253_402_300_799_i64), Lifetime),
        ("ends as it begins", |t| t.claim("exp", NOW), Lifetime),
        ("ends before it begins", |t| t.claim("exp", NOW - 1), Lifetime),
        (
            "expired",
            |t| {
                t.claim("iat", NOW - 900);
                t.claim("exp", NOW - 300)
            },
            Expired,
        ),
    ];
    assert_refused(cases, |_| {});
}

#[test]
fn hostile_claims_of_the_programme_are_refused() {
    let cases: &[Case] = &[
        ("no role", |t| drop(t.claims.remove("role")), Missing("role")),
        ("role unknown", |t| t.claim("role", "admin"), UnknownRole),
        ("role in capitals", |t| t.claim("role", "HUB_TEAM"), UnknownRole),
        ("role with a space", |t| t.claim("role", "hub_team "), UnknownRole),
        ("two roles in one", |t| t.claim("role", "hub_team programme_team"), UnknownRole),
        ("role list", |t| t.claim("role", json!(["hub_team"])), Mistyped("role")),
        ("role object", |t| t.claim("role", json!({"hub_team": true})), Mistyped("role")),
        ("role number", |t| t.claim("role", 0), Mistyped("role")),
        ("role null", |t| t.claim("role", json!(null)), Mistyped("role")),
        ("role in another alphabet", |t| t.claim("role", "hub_teаm"), UnknownRole),
        (
            "role twice",
            |t| t.claims_again = r#","role":"programme_team""#.into(),
            RepeatedMember(Claims),
        ),
        ("a second role", |t| t.claim("roles", json!(["programme_team"])), UnknownClaim),
        ("Role", |t| t.claim("Role", "programme_team"), UnknownClaim),
        ("no organisation", |t| drop(t.claims.remove("organisation")), Missing("organisation")),
        (
            "organisation list",
            |t| t.claim("organisation", json!(["hub:a"])),
            Mistyped("organisation"),
        ),
        ("organisation bare", |t| t.claim("organisation", "west-yorkshire"), Organisation),
        ("organisation wildcard", |t| t.claim("organisation", "hub:*"), Organisation),
        ("organisation empty code", |t| t.claim("organisation", "hub:"), Organisation),
        ("organisation of unknown kind", |t| t.claim("organisation", "site:A81001"), Organisation),
        ("organisation SQL", |t| t.claim("organisation", "hub:a' OR 1=1"), Organisation),
        ("a hub with a site's code", |t| t.claim("organisation", "ods:A81001"), OrganisationKind),
        (
            "a hub with the programme's",
            |t| t.claim("organisation", "programme:gpa"),
            OrganisationKind,
        ),
        ("a site with a hub's code", |t| t.claim("role", "site_team"), OrganisationKind),
        ("the programme with a hub's", |t| t.claim("role", "programme_team"), OrganisationKind),
        ("an integrator with a hub's", |t| t.claim("role", "integrator"), OrganisationKind),
        ("scope on a hub", |t| t.claim("scope", "sites:read"), ScopeNotForRole),
        ("empty scope on a hub", |t| t.claim("scope", ""), ScopeNotForRole),
        ("null scope on a hub", |t| t.claim("scope", json!(null)), ScopeNotForRole),
        ("cnf", |t| t.claim("cnf", json!({"jkt": "x"})), UnknownClaim),
        ("act", |t| t.claim("act", json!({"sub": "admin"})), UnknownClaim),
        ("events", |t| t.claim("events", json!({})), UnknownClaim),
        ("nonce of an id token", |t| t.claim("nonce", "n"), UnknownClaim),
        ("token too long", |t| t.claim("sub", "s".repeat(8192)), TooLong),
    ];
    assert_refused(cases, |_| {});
}

#[test]
fn hostile_scopes_are_refused() {
    let cases: &[Case] = &[
        ("no scope", |t| drop(t.claims.remove("scope")), Missing("scope")),
        ("scope empty", |t| t.claim("scope", ""), UnknownScope),
        ("scope unknown", |t| t.claim("scope", "sites:read admin"), UnknownScope),
        ("scope wildcard", |t| t.claim("scope", "*"), UnknownScope),
        ("scope begins like ours", |t| t.claim("scope", "sites:readwrite"), UnknownScope),
        ("scope in capitals", |t| t.claim("scope", "SITES:READ"), UnknownScope),
        ("two spaces", |t| t.claim("scope", "sites:read  changes:read"), UnknownScope),
        ("leading space", |t| t.claim("scope", " sites:read"), UnknownScope),
        ("tab between", |t| t.claim("scope", "sites:read\tchanges:read"), UnknownScope),
        ("scope list", |t| t.claim("scope", json!(["sites:read"])), Mistyped("scope")),
        ("scope null", |t| t.claim("scope", json!(null)), Mistyped("scope")),
        ("scp", |t| t.claim("scp", "sites:read"), UnknownClaim),
        ("a person's role", |t| t.claim("role", "programme_team"), OrganisationKind),
    ];
    assert_refused(cases, |t| {
        t.claim("role", "integrator");
        t.claim("organisation", "client:rota-supplier");
        t.claim("scope", "sites:read changes:read");
    });
}

#[test]
fn claims_about_the_client_change_nothing() {
    let plain = verify(&Draft::honest(Algorithm::Es256).signed_by(&TRUSTED)).unwrap();
    let mut draft = Draft::honest(Algorithm::Es256);
    draft.claim("client_id", "portal");
    draft.claim("auth_time", NOW);
    draft.claim("aud", json!(["https://other.example", AUDIENCE]));
    assert_eq!(verify(&draft.signed_by(&TRUSTED)), Ok(plain));
}

#[test]
fn every_role_takes_only_its_kinds_of_organisation() {
    let codes = ["ods:Y62", "hub:leeds", "provider:leeds", "programme:gpa", "client:rota"];
    for (role, suitable) in [
        ("programme_team", &["ods:Y62", "programme:gpa"][..]),
        ("programme_analyst", &["ods:Y62", "programme:gpa"]),
        ("region_team", &["ods:Y62"]),
        ("system_team", &["ods:Y62"]),
        ("hub_team", &["hub:leeds"]),
        ("site_team", &["ods:Y62"]),
        ("assessor", &["ods:Y62"]),
        ("provider_team", &["provider:leeds"]),
        ("integrator", &["client:rota"]),
    ] {
        for code in codes {
            let mut draft = Draft::honest(Algorithm::EdDsa);
            draft.claim("role", role);
            draft.claim("organisation", code);
            if role == "integrator" {
                draft.claim("scope", "sites:read");
            }
            let verified = verify(&draft.signed_by(&TRUSTED)).map(|_| ());
            let expected = if suitable.contains(&code) { Ok(()) } else { Err(OrganisationKind) };
            assert_eq!(verified, expected, "{role} of {code}");
        }
    }
}
