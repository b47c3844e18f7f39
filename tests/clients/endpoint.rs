//! The token endpoint: how often it may be asked, how much it works for whom, and how its
//! key gives way to another.

use std::path::Path;

use actix_web::test::TestRequest;
use api::auth::keys::OwnKey;
use serde_json::{Value, json};

use super::{Key, ask_token, by_assertion, endpoint, vendor};
use crate::harness::{World, on_both, on_the_same_with};

const FORM: &str = "grant_type=client_credentials&scope=changes%3Aread";
const FEED: &str = "{ changes(first: 1) { nodes { type } } }";

#[test]
fn an_address_that_asks_too_often_waits() {
    on_both(async |world| {
        let mut statuses = Vec::new();
        for _ in 0..80 {
            statuses.push(ask_token(world, None, "grant_type=password").await.status);
        }
        assert_eq!(statuses[..60], [400; 60]);
        assert!(statuses.contains(&429), "{statuses:?}");
    });
}

#[test]
fn a_client_that_asks_for_a_token_with_every_request_is_told_to_keep_it() {
    on_both(async |world| {
        let made = vendor(world, &Key::new()).await;
        let good = ("vendor", made["secret"].as_str().unwrap());
        let mut asked = 0;
        let refused = loop {
            let said = ask_token(world, Some(good), FORM).await;
            if said.status != 200 {
                break said;
            }
            asked += 1;
            assert!(asked < 60, "nobody minds");
        };
        assert!(asked >= 30, "{asked}");
        assert_eq!(refused.status, 429, "{}", refused.body);
    });
}

#[test]
fn as_much_work_is_done_for_an_assertion_of_nobody() {
    on_both(async |world| {
        let key = Key::new();
        vendor(world, &key).await;
        let endpoint = endpoint(world).await;
        let signed = |client: &str, kid: &str, id: &str| {
            key.assertion_of((client, kid), world, &endpoint, id)
        };
        let checked = || world.app.tokens().assertions_checked();
        for (client, kid, status) in
            [("vendor", "vendor-1", 200), ("vendor", "vendor-2", 401), ("nobody", "vendor-1", 401)]
        {
            let before = checked();
            let said = by_assertion(world, &signed(client, kid, kid), "changes%3Aread").await;
            assert_eq!((said.status, checked() - before), (status, 1), "{client} {kid}");
        }
    });
}

/// An instance whose tokens are signed with one key, and perhaps verified with another too.
async fn instance(world: &World, key: &Path, other: Option<&Path>) -> World {
    let mut flags = vec!["--signing-key-file", key.to_str().unwrap()];
    if let Some(other) = other {
        flags.extend(["--other-signing-key-file", other.to_str().unwrap()]);
    }
    on_the_same_with(world, &flags).await
}

async fn accepts(instance: &World, token: &Value) -> bool {
    let answer = instance.ask_bearing(token.as_str().unwrap(), FEED, json!({})).await;
    answer.status == 200
}

#[test]
fn a_key_gives_way_to_another_without_a_refused_token() {
    on_both(async |world| {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old.pem"), folder.path().join("new.pem"));
        for key in [&old, &new] {
            OwnKey::open_or_create(key).unwrap();
        }
        let made = vendor(world, &Key::new()).await;
        let secret = made["secret"].as_str().unwrap();
        let first = instance(world, &old, Some(&new)).await;
        let second = instance(world, &new, Some(&old)).await;
        let last = instance(world, &new, None).await;
        let token = async |from: &World| {
            let said = ask_token(from, Some(("vendor", secret)), FORM).await;
            assert_eq!(said.status, 200, "{}", said.body);
            said.body["access_token"].clone()
        };
        let (by_old, by_new) = (token(&first).await, token(&second).await);
        for instance in [&first, &second] {
            assert!(accepts(instance, &by_old).await && accepts(instance, &by_new).await);
            let set = instance.call(TestRequest::get().uri("/.well-known/jwks.json")).await.json();
            assert_eq!(set["keys"].as_array().unwrap().len(), 2, "{set:#}");
        }
        assert!(!accepts(&last, &by_old).await && accepts(&last, &by_new).await);
        for instance in [first, second, last] {
            instance.leave().await;
        }
    });
}
