//! Tokens of the service's own key.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::*;

fn own(folder: &tempfile::TempDir) -> Tokens {
    Tokens::embedded(&folder.path().join("key.pem"), AUDIENCE).unwrap()
}

fn request() -> TokenRequest {
    TokenRequest {
        role: Role::HubTeam,
        organisation: "hub:west-yorkshire".parse().unwrap(),
        subject: "operator".to_owned(),
        scopes: BTreeSet::new(),
        lifetime: TimeDelta::minutes(10),
    }
}

#[test]
fn what_is_issued_is_believed_until_it_expires() {
    let folder = tempfile::tempdir().unwrap();
    let service = own(&folder);
    let token = service.issue(&request(), at(NOW)).unwrap();
    let credential = service.verify(&token, at(NOW)).unwrap();
    assert_eq!(credential.issuer, crate::auth::keys::EMBEDDED_ISSUER);
    assert_eq!(credential.subject, "operator");
    assert_eq!(credential.expires_at, at(NOW + 600));
    assert_eq!(own(&folder).verify(&token, at(NOW)), Ok(credential), "after a restart");
    assert_eq!(service.verify(&token, at(NOW + 660)), Err(TokenRefused::Expired));
    assert_ne!(service.issue(&request(), at(NOW)).unwrap(), token, "each has its own jti");
}

#[test]
fn every_role_can_be_issued() {
    let folder = tempfile::tempdir().unwrap();
    let service = own(&folder);
    for role in Role::ALL {
        let organisation = match role {
            Role::ProgrammeTeam | Role::ProgrammeAnalyst => "programme:gpa",
            Role::RegionTeam | Role::SystemTeam | Role::SiteTeam | Role::Assessor => "ods:Y62",
            Role::HubTeam => "hub:west-yorkshire",
            Role::ProviderTeam => "provider:leeds",
            Role::Integrator => "client:rota-supplier",
        };
        let machine = role == Role::Integrator;
        let scopes = if machine { Scope::ALL.into() } else { BTreeSet::new() };
        let request =
            TokenRequest { role, organisation: organisation.parse().unwrap(), scopes, ..request() };
        let token = service.issue(&request, at(NOW)).unwrap();
        let credential = service.verify(&token, at(NOW)).unwrap();
        assert_eq!((credential.role, credential.scopes), (role, request.scopes));
        assert_eq!(credential.organisation, request.organisation);
    }
}

#[test]
fn another_installations_token_is_refused() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let token = own(&there).issue(&request(), at(NOW)).unwrap();
    assert_eq!(own(&here).verify(&token, at(NOW)), Err(TokenRefused::UnknownKey));
}

#[test]
fn what_would_be_refused_is_not_issued() {
    let folder = tempfile::tempdir().unwrap();
    let service = own(&folder);
    let long = TimeDelta::seconds(3601);
    for (request, reason) in [
        (TokenRequest { lifetime: long, ..request() }, TokenRefused::Lifetime),
        (TokenRequest { lifetime: TimeDelta::MAX, ..request() }, TokenRefused::Mistyped("exp")),
        (TokenRequest { lifetime: TimeDelta::zero(), ..request() }, TokenRefused::Lifetime),
        (TokenRequest { lifetime: TimeDelta::seconds(-9), ..request() }, TokenRefused::Lifetime),
        (TokenRequest { subject: String::new(), ..request() }, TokenRefused::Mistyped("sub")),
        (TokenRequest { role: Role::SiteTeam, ..request() }, TokenRefused::OrganisationKind),
        (
            TokenRequest { scopes: [Scope::SitesRead].into(), ..request() },
            TokenRefused::ScopeNotForRole,
        ),
        (
            TokenRequest {
                role: Role::Integrator,
                organisation: "client:rota-supplier".parse().unwrap(),
                ..request()
            },
            TokenRefused::Missing("scope"),
        ),
    ] {
        let issued = service.issue(&request, at(NOW));
        assert_eq!(issued, Err(IssueRefused::Request(reason)), "{request:?}");
    }
    assert_eq!(SERVICE.issue(&request(), at(NOW)), Err(IssueRefused::NoSigningKey));
}

#[test]
fn the_public_sentence_is_useful_and_the_log_names_the_reason() {
    assert_eq!(TokenRefused::Expired.sentence(), "the token has expired: get a new one");
    assert_eq!(TokenRefused::Missing("exp").reason(), "missing_claim:exp");
    assert_eq!(TokenRefused::HeaderMember("jku").reason(), "header_member:jku");
}
