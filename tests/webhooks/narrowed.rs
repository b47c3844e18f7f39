//! A token that can read less than its client is granted has no more sent to an address.

use api::auth::actor::Scope;
use serde_json::{Value, json};

use super::{deliver, receiver::Receiver, register, rename};
use crate::{
    enrolments::{cohort, started},
    harness::{Who, World, on_both, people},
};

/// The portal with a token that follows what is published, and reads nothing else.
const NARROW: Who = Who { scopes: &[Scope::ChangesRead], ..people::PORTAL };

async fn scopes(world: &World, hook: &Value) -> Value {
    let document = "query($id: ID!) { webhook(id: $id) { scopes } }";
    let mut data = world.data(people::NATIONAL, document, json!({ "id": hook })).await;
    data["webhook"]["scopes"].take()
}

fn all_of(receiver: &Receiver) -> String {
    receiver.took().iter().map(|message| message.event.to_string()).collect()
}

#[test]
fn a_narrow_tokens_webhook_tells_nothing_that_the_token_could_not_read() {
    on_both(async |world| {
        let (narrow, wide) = (Receiver::new(), Receiver::new());
        let narrowed = register(world, NARROW, &narrow.url).await;
        let whole = register(world, people::PORTAL, &wide.url).await;
        assert_eq!(scopes(world, &narrowed.id).await, json!(["CHANGES_READ"]));
        assert_eq!(scopes(world, &whole.id).await.as_array().unwrap().len(), Scope::ALL.len());
        let cohort = cohort(world).await;
        let learner = started(world, "amy", &cohort).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        deliver(world).await;
        assert!(all_of(&narrow).contains("Lark Rise Surgery"), "it follows what is published");
        let subjects = |receiver: &Receiver| -> Vec<Value> {
            receiver.took().iter().map(|message| message.subject().clone()).collect()
        };
        for id in [&learner["id"], &cohort["id"]] {
            assert!(subjects(&wide).contains(id), "the whole token reads it");
            assert!(!subjects(&narrow).contains(id), "{}", all_of(&narrow));
        }
        let types = all_of(&narrow);
        for type_name in ["ENROLMENT", "LEARNER", "COHORT", "POST_", "STAGE"] {
            assert!(!types.contains(type_name), "{type_name}: {types}");
        }
    });
}

#[test]
fn whoever_lets_it_lead_elsewhere_takes_no_more_along_than_they_could_read() {
    on_both(async |world| {
        let (first, second) = (Receiver::new(), Receiver::new());
        let hook = register(world, people::PORTAL, &first.url).await;
        let narrow = super::Registered { who: NARROW, ..hook };
        let types = json!({ "types": ["RENAMED", "ENROLMENT_APPLIED"] });
        narrow.command(world, "changeWebhook", types).await;
        let all = Scope::ALL.len();
        assert_eq!(scopes(world, &narrow.id).await.as_array().unwrap().len(), all);
        narrow.command(world, "changeWebhook", json!({ "url": second.url })).await;
        assert_eq!(scopes(world, &narrow.id).await, json!(["CHANGES_READ"]));
        let cohort = cohort(world).await;
        started(world, "amy", &cohort).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        deliver(world).await;
        let told = all_of(&second);
        assert!(told.contains("Lark Rise Surgery") && !told.contains("ENROLMENT"), "{told}");
        assert_eq!(first.arrived(), 0);
        // Back again by the whole token: what was given up is not had back.
        let whole = super::Registered { who: people::PORTAL, ..narrow };
        whole.command(world, "changeWebhook", json!({ "url": first.url })).await;
        assert_eq!(scopes(world, &whole.id).await, json!(["CHANGES_READ"]));
    });
}

/// The programme team reads everything anyway; what it changes of a client's webhook takes
/// nothing from the client.
#[test]
fn the_programme_team_narrows_nothing() {
    on_both(async |world| {
        let (first, second) = (Receiver::new(), Receiver::new());
        let hook = register(world, people::PORTAL, &first.url).await;
        let theirs = super::Registered { who: people::NATIONAL, ..hook };
        theirs.command(world, "changeWebhook", json!({ "url": second.url })).await;
        let all = Scope::ALL.len();
        assert_eq!(scopes(world, &theirs.id).await.as_array().unwrap().len(), all);
    });
}
