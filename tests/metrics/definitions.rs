//! The life of a definition: drafted, published, and from then on as it is.

use serde_json::{Value, json};

use super::{POINTS, item, months, record, series, site, told};
use crate::harness::{Who, World, on_both, people, with};

fn draft() -> Value {
    json!({
        "idempotencyKey": "letters", "code": "test.letters", "version": "1.0.0",
        "title": "Letters", "description": "Letters that came in.", "unit": "COUNT",
        "kind": "FLOW", "direction": "NEUTRAL", "aggregation": "SUM", "subjectLevel": "SITE",
        "disclosure": "D0", "sources": "Returns", "effectiveFrom": "2024-07-01",
    })
}

async fn define(world: &World, changes: Value) -> Value {
    let input = with(&draft(), changes);
    let done = world.command(people::ANALYST, "defineMetric", input).await;
    assert_eq!(done["__typename"], "MetricDefined", "{done:#}");
    done["metric"].clone()
}

async fn publish(world: &World, draft: &Value) -> Value {
    let input = json!({ "id": draft["id"], "expectedVersion": draft["draftVersion"] });
    world.command(people::NATIONAL, "publishMetricVersion", input).await
}

async fn defined(world: &World, changes: Value) {
    let draft = define(world, changes).await;
    let done = publish(world, &draft).await;
    assert_eq!(done["__typename"], "MetricVersionPublished", "{done:#}");
}

async fn seen(world: &World, who: Who, version: Option<&str>) -> Value {
    let document = "query($version: String) { metric(code: \"test.letters\", version: $version) {
        version state title versions { version } } }";
    world.data(who, document, json!({ "version": version })).await["metric"].take()
}

#[test]
fn a_draft_is_seen_by_those_who_may_draft_until_it_is_published() {
    on_both(async |world| {
        let first = define(world, json!({})).await;
        assert_eq!(first["state"], "DRAFT");
        for who in [people::PUBLIC, people::YORKSHIRE, people::NORTH_EAST] {
            assert_eq!(seen(world, who, None).await, Value::Null);
            assert_eq!(seen(world, who, Some("1.0.0")).await, Value::Null);
        }
        assert_eq!(seen(world, people::ANALYST, Some("1.0.0")).await["state"], "DRAFT");
        let second =
            define(world, json!({ "idempotencyKey": "again", "title": "All letters" })).await;
        assert_eq!((&second["id"], &second["draftVersion"]), (&first["id"], &json!(2)));
        let stale = publish(world, &first).await;
        assert_eq!(stale["__typename"], "MetricVersionConflict");
        assert_eq!(stale["current"]["draftVersion"], 2);
        let unknown = json!({ "metrics": ["test.letters"], "of": { "england": true }, "periods": { "last": 1 } });
        let document =
            "query($input: MetricSeriesInput!) { metricSeries(input: $input) { freshness } }";
        let answer = world.ask(people::ANALYST, document, json!({ "input": unknown })).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_REQUEST",
            "a draft has no figures"
        );
        assert_eq!(publish(world, &second).await["metric"]["state"], "PUBLISHED");
        let shown = seen(world, people::PUBLIC, None).await;
        assert_eq!(shown["title"], "All letters");
        assert_eq!(shown["versions"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn what_is_published_never_changes() {
    on_both(async |world| {
        let first = define(world, json!({})).await;
        publish(world, &first).await;
        let rows = world.rows().await;
        let again = json!({ "id": first["id"], "expectedVersion": 2 });
        let named = world.problems(people::NATIONAL, "publishMetricVersion", again).await;
        assert_eq!(named, ["input.id UNCHANGED"]);
        let anew = with(&draft(), json!({ "idempotencyKey": "anew", "title": "Other" }));
        let named = world.problems(people::ANALYST, "defineMetric", anew).await;
        assert_eq!(named, ["input.version ALREADY_EXISTS"]);
        assert_eq!(world.rows().await, rows);
        for (who, command, input) in [
            (
                people::ANALYST,
                "publishMetricVersion",
                json!({ "id": first["id"], "expectedVersion": 2 }),
            ),
            (people::YORKSHIRE, "defineMetric", draft()),
        ] {
            assert_eq!(world.refused(who, command, input).await, "FORBIDDEN");
        }
    });
}

#[test]
fn every_mistake_of_a_draft_is_named_with_its_place() {
    on_both(async |world| {
        defined(world, json!({})).await;
        let next = json!({ "idempotencyKey": "k", "version": "1.1.0" });
        let next = with(&draft(), next);
        for (changes, problem) in [
            (json!({ "code": "letters" }), "input.code MALFORMED"),
            (json!({ "version": "1.1" }), "input.version MALFORMED"),
            (json!({ "version": "0.9.0" }), "input.version MALFORMED"),
            (json!({ "title": " " }), "input.title REQUIRED"),
            (json!({ "description": "" }), "input.description REQUIRED"),
            (json!({ "sources": "" }), "input.sources REQUIRED"),
            (json!({ "decimals": 7 }), "input.decimals OUT_OF_RANGE"),
            (json!({ "minimum": 5, "maximum": 4 }), "input.maximum CONTRADICTION"),
            (json!({ "minimum": 0.1234567 }), "input.minimum OUT_OF_RANGE"),
            (json!({ "effectiveFrom": "2024-06-01" }), "input.effectiveFrom OUT_OF_RANGE"),
            (json!({ "version": "2.0.0" }), "input.breakNote REQUIRED"),
            (json!({ "kind": "STOCK" }), "input.version CONTRADICTION"),
            (json!({ "disclosure": "D2" }), "input.version CONTRADICTION"),
            (json!({ "derivation": "sum of everything" }), "input.derivation MALFORMED"),
            (json!({ "derivation": "difference no.such" }), "input.derivation NOT_FOUND"),
            (json!({ "derivation": "difference gpa.net_change" }), "input.derivation WRONG_KIND"),
        ] {
            let input = with(&next, changes.clone());
            let named = world.problems(people::NATIONAL, "defineMetric", input).await;
            assert!(named.contains(&problem.to_owned()), "{changes}: {named:?}");
        }
        let both = with(&next, json!({ "title": "", "decimals": 7 }));
        let named = world.problems(people::NATIONAL, "defineMetric", both).await;
        assert_eq!(named.len(), 2, "all come at once: {named:?}");
        let unknown = with(&draft(), json!({ "code": "test.other", "version": "1.1.0" }));
        let named = world.problems(people::NATIONAL, "defineMetric", unknown).await;
        assert_eq!(named, ["input.version OUT_OF_RANGE"]);
    });
}

#[test]
fn a_minor_version_goes_on_and_a_major_one_breaks_the_series() {
    on_both(async |world| {
        let of = || ("test.letters", site("Y90001"));
        let all = || months("2025-01", "2025-06");
        defined(world, json!({})).await;
        record(world, "first", vec![item(of().0, of().1, "2025-01", 10.0)]).await;
        defined(
            world,
            json!({ "idempotencyKey": "minor", "version": "1.1.0",
            "effectiveFrom": "2025-02-01", "title": "Letters and cards" }),
        )
        .await;
        record(world, "second", vec![item(of().0, of().1, "2025-02", 11.0)]).await;
        let fields = format!(
            "{POINTS} metric {{ version }} breaks {{ period {{ label }} definition {{
            version breakNote }} }}"
        );
        let shown = series(world, people::PUBLIC, of(), all(), &fields).await;
        assert_eq!(told(&shown)[..2], ["2025-01 10", "2025-02 11"]);
        assert_eq!((&shown["breaks"], &shown["metric"]["version"]), (&json!([]), &json!("1.1.0")));

        defined(
            world,
            json!({ "idempotencyKey": "major", "version": "2.0.0",
            "effectiveFrom": "2025-03-01", "breakNote": "E-mail counts too" }),
        )
        .await;
        let later = ["2025-03", "2025-04"].map(|month| item(of().0, of().1, month, 90.0));
        record(world, "third", later.to_vec()).await;
        let fields = format!(
            "{fields} spc {{ ... on SpcChart {{ segments {{ mean
            breaks {{ definition {{ breakNote }} }} }} }} }}
            changeFromBaseline(first: \"2025-01\", last: \"2025-01\") {{
                ... on AnalysisRefused {{ code }} }}"
        );
        let shown = series(world, people::PUBLIC, of(), all(), &fields).await;
        let expected =
            ["2025-01 10", "2025-02 11", "2025-03 90", "2025-04 90", "2025-05 NOT_SUBMITTED"];
        assert_eq!(told(&shown)[..5], expected);
        assert_eq!(
            shown["breaks"],
            json!([{ "period": { "label": "2025-03" },
                "definition": { "version": "2.0.0", "breakNote": "E-mail counts too" } }])
        );
        let segments = &shown["spc"]["segments"];
        assert_eq!((&segments[0]["mean"], &segments[1]["mean"]), (&json!(10.5), &json!(90.0)));
        assert_eq!(segments[1]["breaks"][0]["definition"]["breakNote"], "E-mail counts too");
        assert_eq!(shown["changeFromBaseline"]["code"], "BROKEN_SERIES");
        let old = series(world, people::PUBLIC, ("test.letters@1", of().1), all(), &fields).await;
        assert_eq!(
            (&old["breaks"], &told(&old)[2]),
            (&json!([]), &"2025-03 NOT_SUBMITTED".to_owned())
        );
    });
}

/// What a stock rose by is not known over a break of the stock.
#[test]
fn a_difference_is_broken_by_what_it_is_a_difference_of() {
    on_both(async |world| {
        let stock = |key: &str, version: &str, from: &str| {
            json!({ "idempotencyKey": key, "code": "test.stock", "version": version, "kind": "STOCK",
                "effectiveFrom": from, "breakNote": "Counted in another way" })
        };
        defined(world, stock("one", "1.0.0", "2024-07-01")).await;
        defined(
            world,
            json!({ "idempotencyKey": "flow", "code": "test.flow",
            "derivation": "difference test.stock" }),
        )
        .await;
        defined(world, stock("two", "2.0.0", "2025-03-01")).await;
        let items = [("2025-01", 5.0), ("2025-02", 7.0), ("2025-03", 900.0), ("2025-04", 903.0)];
        let items = items.map(|(month, value)| item("test.stock", site("Y90001"), month, value));
        record(world, "stock", items.to_vec()).await;
        let fields = format!("{POINTS} breaks {{ period {{ label }} }}");
        let flow = ("test.flow", site("Y90001"));
        let shown =
            series(world, people::PUBLIC, flow, months("2025-02", "2025-04"), &fields).await;
        assert_eq!(told(&shown), ["2025-02 2", "2025-03 NOT_APPLICABLE", "2025-04 3"]);
        assert_eq!(shown["breaks"], json!([{ "period": { "label": "2025-03" } }]));
    });
}
