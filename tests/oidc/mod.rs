//! Signing in with tokens of a real identity provider, whose keys are found by discovery,
//! whose groups and teams are mapped, and which rotates its keys, goes down and comes back.

mod provider;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use api::{
    app::{App, SignInRefused},
    auth::actor::Actor,
    clock::Clock,
    domain::viewer::Viewer,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use self::provider::{Provider, with_provider};
use crate::harness::config;

/// A program that trusts the provider, on a clock that begins now and stands still.
struct Service {
    app: Arc<App>,
    clock: Clock,
    _folder: tempfile::TempDir,
}

const MAPPED: &str = r#"
role_claim = ["realm", "groups"]
roles = { "GPA-Hub" = "hub_team" }
organisation_claim = "team"
organisation_prefix = "hub:"
required_scope = "gpa"
ignored_claims = ["tenant"]
max_key_age_seconds = 600
"#;

async fn service(issuer: &str, audience: &str, algorithms: &str) -> Service {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("gpa.toml");
    let text = format!(
        "[[issuers]]\nissuer = \"{issuer}\"\naudience = \"{audience}\"\nalgorithms = {algorithms}\n{MAPPED}"
    );
    std::fs::write(&settings, text).unwrap();
    let database = format!("sqlite://{}", folder.path().join("gpa.db").display());
    let clock = Clock::fixed(Clock::machine().now());
    let config = config(&database, &["--config", settings.to_str().unwrap()]);
    let app = Arc::new(App::open(config, clock.clone()).await.unwrap());
    app.demonstrate_register().await.unwrap();
    Service { app, clock, _folder: folder }
}

async fn trusting(provider: &Provider) -> Service {
    service(&provider.issuer, "https://gpa.example", "[\"ES256\"]").await
}

impl Service {
    async fn sign_in(&self, token: &str) -> Result<Viewer, SignInRefused> {
        self.app.sign_in(Some(token), "request").await
    }

    async fn refuses(&self, token: &str) -> bool {
        matches!(self.sign_in(token).await, Err(SignInRefused::Token(_)))
    }

    fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now() + TimeDelta::seconds(seconds));
    }
}

#[test]
fn a_hubs_token_signs_in_after_its_claims_are_mapped() {
    with_provider(async |provider| {
        let service = trusting(provider).await;
        let viewer = service.sign_in(&provider.token().await).await.unwrap();
        let Actor::Holder(holder) = viewer.actor() else { panic!("nobody signed in") };
        assert_eq!(viewer.role_name(), "hub_team");
        assert_eq!((&*holder.issuer, &*holder.subject), (&*provider.issuer, "hub-portal"));
        let hub = api::domain::viewer::Viewer::holding(
            &viewer,
            holder.role,
            &"hub:west-yorkshire".parse().unwrap(),
        );
        assert_eq!(hub, Some(holder.organisation));
    });
}

#[test]
fn rotating_keys_under_load_costs_no_request() {
    with_provider(async |provider| {
        let service = Rc::new(trusting(provider).await);
        let tokens = Rc::new(RefCell::new(vec![provider.token().await]));
        let (rounds, over) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let load = || {
            let (service, tokens) = (service.clone(), tokens.clone());
            let (rounds, over) = (rounds.clone(), over.clone());
            actix_web::rt::spawn(async move {
                while !over.get() {
                    let known = tokens.borrow().clone();
                    for token in &known {
                        let signed_in = service.sign_in(token).await;
                        assert!(signed_in.is_ok(), "{:?}", signed_in.err());
                    }
                    rounds.set(rounds.get() + 1);
                    tokio::task::yield_now().await;
                }
            })
        };
        let clients: Vec<_> = (0..16).map(|_| load()).collect();
        for rotation in ["rotate", "rotate", "replace"] {
            provider.say(rotation).await;
            for _ in 0..3 {
                let fresh = provider.token().await;
                tokens.borrow_mut().push(fresh);
            }
            let enough = rounds.get() + 200;
            while rounds.get() < enough && !clients.iter().any(|client| client.is_finished()) {
                tokio::task::yield_now().await;
            }
        }
        over.set(true);
        for client in clients {
            client.await.unwrap();
        }
        let fetches = provider.fetches().await;
        assert!(fetches <= 4, "one for the first key and one for each new one: {fetches}");
    });
}

/// The token with another header, whose signature so does not matter.
fn under(token: &str, header: &Value) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

#[test]
fn a_flood_of_unknown_keys_reaches_the_issuer_a_few_times() {
    with_provider(async |provider| {
        let service = trusting(provider).await;
        let good = provider.token().await;
        service.sign_in(&good).await.unwrap();
        let before = provider.fetches().await;
        let hostile: Vec<String> = (0..500)
            .map(|n| {
                under(&good, &json!({ "alg": "ES256", "typ": "at+jwt", "kid": format!("x{n}") }))
            })
            .collect();
        let all = futures_util::future::join_all(hostile.iter().map(|it| service.refuses(it)));
        assert!(all.await.into_iter().all(|refused| refused));
        let fetches = provider.fetches().await - before;
        assert!(fetches <= 3, "{fetches}");
        service.sign_in(&provider.token().await).await.unwrap();
    });
}

#[test]
fn known_keys_go_on_while_the_issuer_is_gone_until_they_are_too_old() {
    with_provider(async |provider| {
        let service = trusting(provider).await;
        let (first, second) = (provider.token().await, provider.token().await);
        service.sign_in(&first).await.unwrap();
        provider.say("down").await;
        service.later(599);
        service.sign_in(&first).await.unwrap();
        service.sign_in(&second).await.unwrap();
        assert!(service.app.ready().await);
        service.later(2);
        // One look is spent here: the issuer is not asked as often as somebody likes.
        assert!(service.refuses(&first).await);
        assert!(service.app.ready().await);
        provider.say("up").await;
        service.sign_in(&first).await.unwrap();
        service.sign_in(&second).await.unwrap();
    });
}

#[test]
fn an_issuer_that_is_gone_at_the_start_is_found_later() {
    with_provider(async |provider| {
        let token = provider.token().await;
        provider.say("down").await;
        let service = trusting(provider).await;
        assert!(service.refuses(&token).await && service.app.ready().await);
        provider.say("up").await;
        service.sign_in(&token).await.unwrap();
    });
}

#[test]
fn tokens_for_others_and_keys_that_are_not_allowed_are_refused() {
    with_provider(async |provider| {
        let token = provider.token().await;
        let named = provider.issuer.replace("127.0.0.1", "localhost");
        for (issuer, audience, algorithms) in [
            (&*provider.issuer, "https://other.example", "[\"ES256\"]"),
            (&*provider.issuer, "https://gpa.example", "[\"RS256\", \"PS256\", \"EdDSA\"]"),
            (&*named, "https://gpa.example", "[\"ES256\"]"),
        ] {
            let service = service(issuer, audience, algorithms).await;
            assert!(service.refuses(&token).await, "{issuer} {audience} {algorithms}");
        }
        let service = trusting(provider).await;
        service.sign_in(&token).await.unwrap();
        let before = provider.fetches().await;
        let kid = json!("k1");
        for header in [
            json!({ "alg": "RS256", "typ": "at+jwt", "kid": kid }),
            json!({ "alg": "HS256", "typ": "at+jwt", "kid": kid }),
            json!({ "alg": "none", "typ": "at+jwt", "kid": kid }),
            json!({ "alg": "ES256", "typ": "JWT", "kid": kid }),
            json!({ "alg": "ES256", "typ": "at+jwt" }),
            json!({ "alg": "ES256", "typ": "at+jwt", "kid": "n", "jku": format!("{}/jwks", provider.issuer) }),
            json!({ "alg": "ES256", "typ": "at+jwt", "kid": "n", "x5u": format!("{}/jwks", provider.issuer) }),
        ] {
            assert!(service.refuses(&under(&token, &header)).await, "{header}");
        }
        assert_eq!(provider.fetches().await, before, "nothing was fetched because of them");
    });
}

#[test]
fn a_provider_that_is_not_there_at_all_stops_nobody() {
    actix_web::rt::System::new().block_on(async {
        let service = service("http://127.0.0.1:9", "https://gpa.example", "[\"ES256\"]").await;
        service.app.follow();
        assert!(service.app.ready().await);
    });
}
