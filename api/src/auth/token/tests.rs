//! Every hostile token stands beside a control that differs only in the point at
//! issue: the control is accepted, the other is refused, and for that reason.

mod asserted;
mod hostile;
mod issued;
mod mapped;
mod random;
mod signatures;

use std::sync::LazyLock;

use super::*;
use crate::auth::{
    actor::{Role, Scope},
    forge::*,
    keys::Algorithm,
};

/// A service that trusts [`TRUSTED`] with one key for each algorithm.
static SERVICE: LazyLock<Tokens> = LazyLock::new(|| {
    let keys = key_set(&Algorithm::ALL.map(|algorithm| TRUSTED.jwk(algorithm)));
    Tokens::configured(&[IssuerSettings::new(ISSUER, AUDIENCE, keys.path())]).unwrap()
});

fn verify(token: &str) -> Result<Credential, TokenRefused> {
    SERVICE.verify(token, at(NOW))
}

#[test]
fn an_honest_token_is_believed_whatever_its_algorithm() {
    for algorithm in Algorithm::ALL {
        let credential = verify(&Draft::honest(algorithm).signed_by(&TRUSTED)).unwrap();
        assert_eq!(
            credential,
            Credential {
                issuer: ISSUER.to_owned(),
                subject: "person-1".to_owned(),
                role: Role::HubTeam,
                organisation: "hub:west-yorkshire".parse().unwrap(),
                scopes: [].into(),
                expires_at: at(NOW + 600),
            },
            "{algorithm:?}"
        );
    }
}

#[test]
fn an_integrator_has_the_scopes_of_its_token() {
    let mut draft = Draft::honest(Algorithm::Es256);
    draft.claim("role", "integrator");
    draft.claim("organisation", "client:rota-supplier");
    draft.claim("scope", "sites:read progress:read");
    let credential = verify(&draft.signed_by(&TRUSTED)).unwrap();
    assert_eq!(credential.scopes, [Scope::ProgressRead, Scope::SitesRead].into());
}

#[test]
fn a_remembered_token_still_expires() {
    let mut draft = Draft::honest(Algorithm::Es256);
    draft.claim("jti", "remembered");
    draft.claim("nbf", NOW + 30);
    let token = draft.signed_by(&TRUSTED);
    let verify_at = |seconds| SERVICE.verify(&token, at(seconds)).map(|_| ());
    assert_eq!(verify_at(NOW), Ok(()));
    assert!(SERVICE.verified.get(&fingerprint(&token)).is_some(), "it is remembered");
    assert_eq!(verify_at(NOW + 659), Ok(()));
    assert_eq!(verify_at(NOW + 660), Err(TokenRefused::Expired));
    assert_eq!(verify_at(NOW - 31), Err(TokenRefused::NotYetValid));
    assert_eq!(verify_at(NOW - 61), Err(TokenRefused::IssuedInFuture));
    assert_eq!(verify_at(NOW), Ok(()));
}

#[test]
fn a_refused_token_is_not_remembered() {
    let token = Draft::honest(Algorithm::EdDsa).signed_by(&STRANGER);
    for _ in 0..2 {
        assert_eq!(verify(&token), Err(TokenRefused::Signature));
    }
    assert!(SERVICE.verified.get(&fingerprint(&token)).is_none());
}

#[test]
fn time_is_judged_to_the_second_with_a_minute_of_leeway() {
    let token = |claim: &str, seconds: i64| {
        let mut draft = Draft::honest(Algorithm::EdDsa);
        if claim == "exp" {
            draft.claim("iat", NOW - 600);
        }
        draft.claim(claim, seconds);
        draft.signed_by(&TRUSTED)
    };
    for (claim, accepted, refused, reason) in [
        ("exp", NOW - 59, NOW - 60, TokenRefused::Expired),
        ("iat", NOW + 60, NOW + 61, TokenRefused::IssuedInFuture),
        ("nbf", NOW + 60, NOW + 61, TokenRefused::NotYetValid),
    ] {
        assert!(verify(&token(claim, accepted)).is_ok(), "{claim}");
        assert_eq!(verify(&token(claim, refused)), Err(reason), "{claim}");
    }
}

#[test]
fn a_service_needs_an_issuer_and_each_only_once() {
    assert!(matches!(Tokens::new(Vec::new()), Err(KeysRefused::NoIssuer)));
    let keys = key_set(&[TRUSTED.jwk(Algorithm::EdDsa)]);
    let settings = IssuerSettings::new(ISSUER, AUDIENCE, keys.path());
    let refused = Tokens::configured(&[settings.clone(), settings]).unwrap_err();
    assert!(refused.to_string().contains("configured twice"), "{refused}");
}
