//! Machine clients, from their registration to their end: they prove who they are with a
//! key or a secret, get a token for a few minutes, and reach what they are granted, and no
//! more, for as long as they are.

mod endpoint;
mod hubs;

use std::time::{Duration, Instant};

use actix_web::test::TestRequest;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::{
    enrolments::{cohort, started},
    harness::{World, on_both, on_the_same, people},
};

const REGISTER: &str = "mutation($input: RegisterApiClientInput!) {
    registerApiClient(input: $input) { ... on ApiClientRegistered {
        secret apiClient { id version clientId } }
        ... on InvalidInput { problems { path message } } } }";
/// How long another instance may take to follow, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);
const READ: &str = "{ enrolments(first: 10) { nodes { id site { odsCode } } } }";

/// A key of a vendor's own, of which we get the public half.
struct Key(EcdsaKeyPair);

impl Key {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let pair = pair.unwrap();
        let read = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pair.as_ref());
        Self(read.unwrap())
    }

    fn jwks(&self) -> String {
        let point = self.0.public_key().as_ref();
        let (x, y) = (&point[1..33], &point[33..65]);
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
            "kid": "vendor-1", "x": encode(x), "y": encode(y) }] })
        .to_string()
    }

    fn assertion(&self, world: &World, audience: &str, id: &str) -> String {
        self.assertion_of(("vendor", "vendor-1"), world, audience, id)
    }

    /// Of any client, and by a key of any name.
    fn assertion_of(
        &self,
        (client, kid): (&str, &str),
        world: &World,
        audience: &str,
        id: &str,
    ) -> String {
        let now = world.app.store.clock().now().timestamp();
        let header = json!({ "alg": "ES256", "kid": kid, "typ": "JWT" });
        let claims = json!({ "iss": client, "sub": client, "aud": audience, "jti": id,
            "iat": now, "exp": now + 300 });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// What the token endpoint says, and how.
struct Said {
    status: u16,
    asks_for: String,
    body: Value,
}

async fn ask_token(world: &World, basic: Option<(&str, &str)>, form: &str) -> Said {
    let mut request = TestRequest::post()
        .uri("/oauth2/token")
        .insert_header(("content-type", "application/x-www-form-urlencoded"));
    if let Some((client, secret)) = basic {
        let pair = STANDARD.encode(format!("{client}:{secret}"));
        request = request.insert_header(("authorization", format!("Basic {pair}")));
    }
    let answer = world.call(request.set_payload(form.to_owned())).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let asks_for = answer.header("www-authenticate").to_owned();
    Said { status: answer.status, asks_for, body: answer.json() }
}

async fn by_assertion(world: &World, assertion: &str, scope: &str) -> Said {
    let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let form = format!(
        "grant_type=client_credentials&client_assertion_type={kind}&client_assertion={assertion}&scope={scope}"
    );
    ask_token(world, None, &form).await
}

async fn endpoint(world: &World) -> String {
    let metadata = TestRequest::get().uri("/.well-known/oauth-authorization-server");
    let metadata = world.call(metadata).await.json();
    metadata["token_endpoint"].as_str().unwrap().to_owned()
}

/// A vendor who follows the learners of West Yorkshire's hub.
async fn vendor(world: &World, key: &Key) -> Value {
    let input = json!({
        "idempotencyKey": "vendor", "clientId": "vendor", "name": "Portfolio", "secret": true,
        "contact": "vendor@example.org", "jwks": key.jwks(),
        "grants": [{ "organisation": { "slug": "west-yorkshire" },
            "scopes": ["PROGRESS_READ", "ENROLMENTS_WRITE", "CHANGES_READ"] }],
    });
    let mut data = world.data(people::NATIONAL, REGISTER, json!({ "input": input })).await;
    let made = data["registerApiClient"].take();
    assert!(made["secret"].is_string(), "{made:#}");
    made
}

#[test]
fn a_vendor_reaches_its_hubs_learners_and_nobody_elses() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let ours = started(world, "amy", &cohort).await;
        let key = Key::new();
        vendor(world, &key).await;
        let endpoint = endpoint(world).await;
        let assertion = key.assertion(world, &endpoint, "a-1");
        let said = by_assertion(world, &assertion, "progress%3Aread%20enrolments%3Awrite").await;
        assert_eq!(said.status, 200, "{}", said.body);
        assert_eq!(said.body["token_type"], "Bearer");
        let token = said.body["access_token"].as_str().unwrap();

        let read = world.ask_bearing(token, READ, json!({})).await.json();
        assert_eq!(read["data"]["enrolments"]["nodes"][0]["id"], ours["id"], "{read:#}");
        let push = "mutation($input: RecordAssessmentsInput!) { recordAssessments(input: $input) {
            ... on AssessmentsRecorded { outcomes { result } } } }";
        let item = |enrolment: &Value| {
            json!({ "enrolment": { "id": enrolment }, "competency": "order-work",
                "state": "IN_PROGRESS", "assessedOn": "2025-06-01" })
        };
        let input = json!({ "idempotencyKey": "push-1", "items": [item(&ours["id"])] });
        let pushed = world.ask_bearing(token, push, json!({ "input": input })).await.json();
        let outcomes = &pushed["data"]["recordAssessments"]["outcomes"];
        assert_eq!(*outcomes, json!([{ "result": "CREATED" }]), "{pushed:#}");
        let hidden = "query($id: ID!) { learner(by: { id: $id }) { reference details { name } } }";
        let id = json!({ "id": ours["learner"]["id"] });
        let learner = world.ask_bearing(token, hidden, id).await.json();
        assert!(learner["data"]["learner"]["reference"].is_string(), "{learner:#}");
        assert!(learner["data"]["learner"]["details"].is_null(), "who it is stays hidden");

        // The token asked for less than is granted, and so can do no more than it asked for.
        let feed = world.ask_bearing(token, "{ changes(first: 1) { nodes { type } } }", json!({}));
        assert_eq!(feed.await.json()["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let more = key.assertion(world, &endpoint, "a-2");
        let widened = by_assertion(world, &more, "sites%3Aread").await;
        assert_eq!((widened.status, &widened.body["error"]), (400, &json!("invalid_scope")));
    });
}

#[test]
fn an_assertion_is_good_once_on_all_instances() {
    on_both(async |world| {
        let key = Key::new();
        vendor(world, &key).await;
        let other = on_the_same(world).await;
        let endpoint = endpoint(world).await;
        let assertion = key.assertion(world, &endpoint, "once");
        assert_eq!(by_assertion(world, &assertion, "changes%3Aread").await.status, 200);
        for instance in [world, &other] {
            let again = by_assertion(instance, &assertion, "changes%3Aread").await;
            assert_eq!((again.status, &again.body["error"]), (401, &json!("invalid_client")));
        }
        for audience in ["https://elsewhere.example/oauth2/token", ""] {
            let stray = key.assertion(world, audience, "stray");
            assert_eq!(by_assertion(world, &stray, "changes%3Aread").await.status, 401);
        }
        let forged = Key::new().assertion(world, &endpoint, "forged");
        assert_eq!(by_assertion(world, &forged, "changes%3Aread").await.status, 401);
        other.leave().await;
    });
}

#[test]
fn a_revoked_client_is_out_on_every_instance() {
    on_both(async |world| {
        let key = Key::new();
        let made = vendor(world, &key).await;
        let secret = made["secret"].as_str().unwrap();
        let form = "grant_type=client_credentials&scope=changes%3Aread";
        let said = ask_token(world, Some(("vendor", secret)), form).await;
        assert_eq!(said.status, 200, "{}", said.body);
        let token = said.body["access_token"].as_str().unwrap();
        let other = on_the_same(world).await;
        let feed = "{ changes(first: 1) { nodes { type } } }";
        for instance in [world, &other] {
            let read = instance.ask_bearing(token, feed, json!({})).await.json();
            assert!(read["errors"].is_null(), "{read:#}");
        }
        let revoke = "mutation($input: RevokeApiClientInput!) { revokeApiClient(input: $input) {
            __typename } }";
        let client = &made["apiClient"];
        let input = json!({ "id": client["id"], "expectedVersion": client["version"] });
        // What other instances do by themselves, every half second at the latest.
        let following = tokio::spawn(other.app.store.clone().follow(Duration::from_millis(500)));
        world.data(people::NATIONAL, revoke, json!({ "input": input })).await;
        let began = Instant::now();
        while other.ask_bearing(token, feed, json!({})).await.status == 200 {
            assert!(began.elapsed() < PATIENCE, "the other instance never hears of it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        following.abort();
        let anew = on_the_same(world).await;
        for instance in [world, &other, &anew] {
            let read = instance.ask_bearing(token, feed, json!({})).await;
            assert_eq!(read.status, 401, "{}", read.json());
            let again = ask_token(instance, Some(("vendor", secret)), form).await;
            let assertion = key.assertion(instance, &endpoint(world).await, "late");
            let late = by_assertion(instance, &assertion, "changes%3Aread").await;
            assert_eq!((again.status, late.status), (401, 401));
        }
        other.leave().await;
        anew.leave().await;
    });
}

/// Nobody can tell a client that there is from one that there is not.
#[test]
fn a_wrong_secret_and_an_unknown_client_are_told_the_same() {
    on_both(async |world| {
        let made = vendor(world, &Key::new()).await;
        let good = made["secret"].as_str().unwrap();
        let mut wrong = good.to_owned();
        let last = if wrong.ends_with('A') { "B" } else { "A" };
        wrong.replace_range(wrong.len() - 1.., last);
        let form = "grant_type=client_credentials";
        let told = ask_token(world, Some(("vendor", &wrong)), form).await;
        let unknown = ask_token(world, Some(("nobody", &wrong)), form).await;
        assert_eq!((told.status, unknown.status), (401, 401));
        assert_eq!(told.body, unknown.body);
        assert!(told.asks_for.starts_with("Basic") && told.asks_for == unknown.asks_for);
        let odd = ask_token(world, Some(("vendor", good)), "grant_type=password").await;
        assert_eq!((odd.status, &odd.body["error"]), (400, &json!("unsupported_grant_type")));
        let twice = "grant_type=client_credentials&grant_type=client_credentials";
        let twice = ask_token(world, Some(("vendor", good)), twice).await;
        assert_eq!((twice.status, &twice.body["error"]), (400, &json!("invalid_request")));
    });
}
