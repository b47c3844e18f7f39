//! How an issuer's own words become a role and an organisation here.

use serde_json::json;
use tempfile::NamedTempFile;

use super::*;
use crate::auth::{
    actor::{Role, Scope},
    keys::{AccessTokenType, ClaimPath, IssuerSettings},
};

/// Settings, and the file of keys that they name.
fn settings(text: &str) -> (IssuerSettings, NamedTempFile) {
    let keys = key_set(&[TRUSTED.jwk(Algorithm::Es256)]);
    let path = keys.path();
    let common =
        format!("issuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\njwks_file = {path:?}\n{text}");
    let read = figment::Figment::new()
        .merge(<figment::providers::Toml as figment::providers::Format>::string(&common));
    (read.extract().unwrap(), keys)
}

/// What becomes of an honest token with these claims, at an issuer of these settings.
fn credential(text: &str, claims: &[(&str, Value)]) -> Result<Credential, TokenRefused> {
    let (settings, _keys) = settings(text);
    let tokens = Tokens::configured(&[settings]).unwrap();
    let mut draft = Draft::honest(Algorithm::Es256);
    for (name, value) in claims {
        draft.claim(name, value.clone());
        if value.is_null() {
            draft.claims.remove(*name);
        }
    }
    tokens.verify(&draft.signed_by(&TRUSTED), at(NOW))
}

const GROUPS: &str = r#"
role_claim = ["realm", "groups"]
roles = { "GPA-Hub" = "hub_team", "GPA-Hubs" = "hub_team", "GPA-Region" = "region_team" }
ignored_claims = ["role"]
"#;

#[test]
fn a_providers_groups_become_the_one_role_that_they_mean() {
    let role = |groups: Value| {
        let claims = [("realm", json!({ "groups": groups, "other": 1 }))];
        credential(GROUPS, &claims).map(|credential| credential.role)
    };
    for groups in [
        json!("GPA-Hub"),
        json!(["GPA-Hub"]),
        json!(["staff", "GPA-Hub", "vpn"]),
        json!(["GPA-Hub", "GPA-Hubs", "GPA-Hub"]),
    ] {
        assert_eq!(role(groups.clone()), Ok(Role::HubTeam), "{groups}");
    }
    for (groups, why) in [
        (json!("hub_team"), TokenRefused::UnknownRole),
        (json!(["programme_team"]), TokenRefused::UnknownRole),
        (json!(["GPA-Hub", "GPA-Region"]), TokenRefused::UnknownRole),
        (json!([]), TokenRefused::UnknownRole),
        (json!("gpa-hub"), TokenRefused::UnknownRole),
        (json!(["GPA-Hub", 7]), TokenRefused::Mistyped("role")),
        (json!({ "GPA-Hub": true }), TokenRefused::Mistyped("role")),
        (json!(null), TokenRefused::Mistyped("role")),
    ] {
        assert_eq!(role(groups.clone()), Err(why), "{groups}");
    }
    assert_eq!(credential(GROUPS, &[("realm", json!({}))]), Err(TokenRefused::Missing("role")));
    assert_eq!(credential(GROUPS, &[("realm", json!("x"))]), Err(TokenRefused::Missing("role")));
    let list = credential("", &[("role", json!(["hub_team"]))]);
    assert_eq!(list, Err(TokenRefused::Mistyped("role")), "a list is read by a map alone");
}

#[test]
fn a_providers_organisations_become_codes() {
    let organisation = |text: &str, value: &str| {
        let claims = [("role", json!("region_team")), ("organisation", json!(value))];
        credential(text, &claims).map(|credential| credential.organisation.to_string())
    };
    let prefix = r#"organisation_prefix = "ods:""#;
    assert_eq!(organisation(prefix, "Y62").as_deref(), Ok("ods:Y62"));
    assert_eq!(organisation(prefix, "ods:Y62"), Err(TokenRefused::Organisation));
    let map = r#"organisations = { "North West" = "ods:Y62" }"#;
    assert_eq!(organisation(map, "North West").as_deref(), Ok("ods:Y62"));
    assert_eq!(organisation(map, "ods:Y63"), Err(TokenRefused::Organisation));
    let both = format!("{map}\n{prefix}");
    assert_eq!(organisation(&both, "North West").as_deref(), Ok("ods:Y62"));
    assert_eq!(organisation(&both, "Y63").as_deref(), Ok("ods:Y63"));
    let client = r#"organisation_prefix = "client:""#;
    assert_eq!(organisation(client, "portal"), Err(TokenRefused::OrganisationKind));
}

#[test]
fn a_providers_scopes_mean_nothing_but_for_the_one_that_stands_for_this_service() {
    let required = r#"required_scope = "gpa""#;
    let scopes = |text: &str, role: &str, organisation: &str, scope: Value| {
        let claims =
            [("role", json!(role)), ("organisation", json!(organisation)), ("scope", scope)];
        credential(text, &claims).map(|credential| credential.scopes)
    };
    let hub = |text: &str, scope| scopes(text, "hub_team", "hub:west-yorkshire", scope);
    assert_eq!(hub(required, json!("openid gpa profile")), Ok([].into()));
    assert_eq!(hub(required, json!("openid")), Err(TokenRefused::RequiredScope));
    assert_eq!(hub(required, json!(null)), Err(TokenRefused::Missing("scope")));
    assert_eq!(hub(required, json!(["gpa"])), Err(TokenRefused::Mistyped("scope")));
    assert_eq!(hub("", json!("gpa")), Err(TokenRefused::ScopeNotForRole));
    let machine =
        |text: &str, scope: &str| scopes(text, "integrator", "client:portal", json!(scope));
    assert_eq!(machine(required, "gpa sites:read"), Ok([Scope::SitesRead].into()));
    assert_eq!(machine(required, "gpa openid"), Err(TokenRefused::UnknownScope));
    assert_eq!(machine("", "sites:read openid"), Err(TokenRefused::UnknownScope));
}

#[test]
fn the_type_of_an_access_token_is_its_issuers_to_say() {
    let verify = |kind: AccessTokenType, typ: Option<&str>| {
        let (settings, _keys) = settings("");
        let settings = IssuerSettings { access_token_type: kind, ..settings };
        let tokens = Tokens::configured(&[settings]).unwrap();
        let mut draft = Draft::honest(Algorithm::Es256);
        match typ {
            Some(typ) => draft.head("typ", typ),
            None => drop(draft.header.remove("typ")),
        }
        tokens.verify(&draft.signed_by(&TRUSTED), at(NOW)).map(|_| ())
    };
    for typ in [Some("at+jwt"), Some("AT+JWT"), Some("application/at+jwt")] {
        assert_eq!(verify(AccessTokenType::AtJwt, typ), Ok(()));
        assert_eq!(verify(AccessTokenType::Jwt, typ), Ok(()));
    }
    for typ in [Some("JWT"), Some("jwt"), None] {
        assert_eq!(verify(AccessTokenType::AtJwt, typ), Err(TokenRefused::Type));
        assert_eq!(verify(AccessTokenType::Jwt, typ), Ok(()));
    }
    for typ in ["logout+jwt", "dpop+jwt", "id_token", ""] {
        assert_eq!(verify(AccessTokenType::Jwt, Some(typ)), Err(TokenRefused::Type));
    }
}

#[test]
fn a_claim_is_found_by_its_name_or_by_the_way_to_it() {
    let claims = json!({ "a.b": 1, "a": { "b": { "c": 2 } } });
    let find = |path: Value| {
        let path: ClaimPath = serde_json::from_value(path).unwrap();
        path.find(claims.as_object().unwrap()).cloned()
    };
    assert_eq!(find(json!("a.b")), Some(json!(1)));
    assert_eq!(find(json!(["a", "b", "c"])), Some(json!(2)));
    assert_eq!(find(json!(["a", "b", "c", "d"])), None);
    assert_eq!(find(json!("c")), None);
}
