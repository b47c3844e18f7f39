//! Awards: once, after the verification, and in bulk by a provider.

use serde_json::{Value, json};

use super::{applied_with, cohort, cohort_of, done, problems, send, start, started, step, words};
use crate::harness::{World, on_both, on_the_same, people, with};

fn award(it: &Value, changes: Value) -> Value {
    let award = json!({ "enrolment": it["id"], "title": "General Practice Assistant",
        "credits": 20, "awardedOn": "2025-12-01" });
    with(&award, changes)
}

fn one(key: &str, it: &Value, changes: Value) -> Value {
    with(&award(it, changes), json!({ "idempotencyKey": key }))
}

async fn verified(world: &World, it: &Value) -> Value {
    let it = step(world, it, "SUBMITTED", "2025-10-01").await;
    step(world, &it, "VERIFIED", "2025-11-01").await
}

#[test]
fn an_award_follows_the_verification_and_is_given_once() {
    on_both(async |world| {
        let it = started(world, "amy", &cohort(world).await, "2025-04-01").await;
        let early = problems(world, people::PROVIDER, "recordAward", one("1", &it, json!({})));
        assert_eq!(early.await, ["input.enrolment CONTRADICTION"]);
        let it = verified(world, &it).await;
        let wrong = json!({ "title": " ", "level": 5, "credits": 15, "awardedOn": "2025-10-31" });
        assert_eq!(
            problems(world, people::PROVIDER, "recordAward", one("2", &it, wrong)).await,
            [
                "input.title REQUIRED",
                "input.level OUT_OF_RANGE",
                "input.credits OUT_OF_RANGE",
                "input.awardedOn OUT_OF_RANGE"
            ]
        );
        let position = world.position().await;
        let input = one("3", &it, json!({}));
        let awarded = done(world, people::PROVIDER, "recordAward", input.clone()).await;
        let expected = json!({ "title": "General Practice Assistant", "level": 4, "credits": 20,
            "body": "Dales College", "awardedOn": "2025-12-01" });
        assert_eq!(awarded["award"], expected, "the body is the cohort's provider");
        assert_eq!(
            world.said_since(position).await,
            ["petra RECORD_AWARD: AWARD_RECORDED - > General Practice Assistant, 20 credits from \
              2025-12-01"]
        );
        let rows = world.rows().await;
        assert_eq!(done(world, people::PROVIDER, "recordAward", input).await, awarded);
        assert_eq!(world.rows().await, rows);
        let twice = problems(world, people::YORKSHIRE, "recordAward", one("4", &it, json!({})));
        assert_eq!(twice.await, ["input.enrolment ALREADY_EXISTS"]);
        let fresh = on_the_same(world).await;
        let read = "query($id: ID!) { enrolment(id: $id) { award { body } } }";
        let found = fresh.data(people::PRACTICE, read, json!({ "id": it["id"] })).await;
        assert_eq!(found["enrolment"]["award"]["body"], "Dales College");
        fresh.leave().await;
    });
}

#[test]
fn a_provider_awards_many_at_once_each_by_itself() {
    on_both(async |world| {
        let own = cohort(world).await;
        let elsewhere = cohort_of(world, people::YORKSHIRE, json!({ "provider": null })).await;
        let amy = verified(world, &started(world, "amy", &own, "2025-04-01").await).await;
        let ben = started(world, "ben", &own, "2025-04-01").await;
        let cal = started(world, "cal", &elsewhere, "2025-04-01").await;
        let house = json!({ "route": "IN_HOUSE" });
        let dee = applied_with(world, "dee", &own, house).await;
        let dee = verified(world, &start(world, dee, "dee", "2025-04-01").await).await;
        let items: Vec<Value> =
            [&amy, &ben, &cal, &dee, &amy].map(|it| award(it, json!({}))).to_vec();
        let input = json!({ "idempotencyKey": "board", "items": items });
        let payload = send(world, people::PROVIDER, "recordAwards", input.clone()).await;
        let expected = [
            "CREATED",
            "REFUSED enrolment CONTRADICTION",
            "REFUSED enrolment NOT_FOUND",
            "REFUSED enrolment CONTRADICTION",
            "REFUSED enrolment ALREADY_EXISTS",
        ];
        assert_eq!(words(&payload), expected);
        assert_eq!(payload["refused"], 4);
        assert_eq!(payload["outcomes"][0]["enrolment"]["award"]["credits"], 20);
        let again = send(world, people::PROVIDER, "recordAwards", input).await;
        assert_eq!(again, payload);
        let input = json!({ "idempotencyKey": "next", "items": items[..1] });
        let same = send(world, people::PROVIDER, "recordAwards", input).await;
        assert_eq!(words(&same), ["SAME"]);
        assert_eq!(world.number("SELECT COUNT(*) FROM award").await, 1);
    });
}
