//! Where there is no sandbox nothing of it can be done, and what was not begun as one never
//! becomes one.

use api::{app::App, clock::Clock};
use serde_json::json;

use super::document;
use crate::{
    access::sandbox_input,
    harness::{
        NOW, SANDBOX, World, config, now, on_both, on_both_empty, on_both_sandboxes, people,
    },
};

const FIELDS: [&str; 4] = ["resetSandbox", "moveSandboxClock", "injectFaults", "clearFaults"];

async fn refuses_everything(world: &World) {
    let before = world.rows().await;
    for who in [people::NATIONAL, people::YORKSHIRE, people::PORTAL] {
        for field in FIELDS {
            let input = sandbox_input(field, "key").unwrap();
            let answer = world.ask(who, &document(field), json!({ "input": input })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "FORBIDDEN", "{field}: {answer:#}");
            assert!(error["message"].as_str().unwrap().contains("no sandbox"), "{answer:#}");
        }
        let answer = world.ask(who, "{ sandbox { now } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
    }
    assert_eq!(world.rows().await, before);
}

#[test]
fn nothing_of_it_is_done_elsewhere() {
    on_both(async |world| {
        let service = world.data(people::PUBLIC, "{ service { environment } }", json!({})).await;
        assert_eq!(service["service"]["environment"], "DEVELOPMENT");
        refuses_everything(world).await;
    });
    on_both_sandboxes(async |world| {
        let service = world.data(people::PUBLIC, "{ service { environment } }", json!({})).await;
        assert_eq!(service["service"]["environment"], "SANDBOX");
        let public = world.ask(people::PUBLIC, "{ sandbox { now } }", json!({})).await;
        assert_eq!(public["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    });
}

/// Settings of a production that trusts an issuer whose keys nobody has.
fn production(url: &str, folder: &tempfile::TempDir) -> api::config::Config {
    let keys = folder.path().join("keys.json");
    std::fs::write(
        &keys,
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k",
        "use": "sig", "alg": "EdDSA",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] })
        .to_string(),
    )
    .unwrap();
    let keys = keys.to_str().unwrap();
    config(
        url,
        &[
            "--environment",
            "production",
            "--issuer",
            "https://id.example",
            "--audience",
            "gpa",
            "--jwks-file",
            keys,
        ],
    )
}

#[test]
fn production_knows_no_sandbox() {
    on_both_empty(async |url| {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(production(url, &folder), Clock::fixed(now())).await.unwrap();
        assert!(!app.demonstrate().await.unwrap());
        let nadia = api::app::operator(&app.store);
        let refused = api::domain::sandbox::state(&nadia).await;
        let Err(api::domain::error::Failure::Forbidden(why)) = refused else {
            panic!("production is a sandbox")
        };
        assert!(why.contains("no sandbox"), "{why}");
        app.store.close().await;
        // What was a production's, or a newcomer's, is never reset by a wrong setting.
        let opened = App::open(config(url, SANDBOX), Clock::fixed(now())).await;
        assert!(opened.err().unwrap().to_string().contains("was not begun as one"));
    });
}

#[test]
fn a_sandboxs_database_is_nothing_else() {
    on_both_sandboxes(async |world| {
        let folder = tempfile::tempdir().unwrap();
        for config in [config(world.url(), &[]), production(world.url(), &folder)] {
            let opened = App::open(config, Clock::fixed(now())).await;
            assert!(opened.err().unwrap().to_string().contains("is a sandbox's"));
        }
        assert_eq!(super::state(world, people::NATIONAL).await["now"], NOW.replace('Z', "+00:00"));
    });
}
