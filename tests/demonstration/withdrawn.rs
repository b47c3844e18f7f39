//! The real register comes in, and nothing that was invented stays in England's figures.

use serde_json::{Value, json};

use super::{SEED, SITES, nothing_is_wrong};
use crate::{
    changes::{CHANGES, now, told},
    harness::{Who, World, on_both_new, on_the_same, people},
    imports::{LEEDS, Made, import, ods},
};

/// England, as anybody sees it, and the hub's own cohorts.
const ENGLAND: &str = "{
    adoptionFunnel(input: { of: { england: true } }) {
        notEngaged declined lapsed steps { everReached nowAt } }
    metricSeries(input: {
        metrics: [\"sites.engaged\", \"sites.in_post\", \"adoption.rate\", \"posts.fte\",
            \"places.commissioned\", \"learners.in_training\", \"impact.letters_to_gp_share\"],
        of: { england: true }, periods: { from: \"2025-10\", to: \"2025-12\" } }) {
        metric { code } points { value { value numerator denominator } } }
    enrolments { totalCount } cohorts { totalCount } posts { totalCount } }";

const EMPTIED: [&str; 14] = [
    "participation",
    "stage_record",
    "enrolment",
    "enrolment_event",
    "extension",
    "mentor_assignment",
    "assessment",
    "award",
    "learner",
    "learner_details",
    "post",
    "post_place",
    "cohort",
    // A site of which there were figures is closed with them, and bears its code no more.
    "organisation_code WHERE code LIKE 'DEMO%' AND valid_to IS NULL",
];

async fn england(world: &World) -> Value {
    world.data(people::NATIONAL, ENGLAND, json!({})).await
}

/// The values of a metric, month by month.
fn values<'a>(seen: &'a Value, metric: &str) -> Vec<&'a Value> {
    let series = seen["metricSeries"].as_array().unwrap().iter();
    let series = series.into_iter().find(|it| it["metric"]["code"] == metric).unwrap();
    series["points"].as_array().unwrap().iter().map(|point| &point["value"]["value"]).collect()
}

async fn count(world: &World, of: &str) -> i64 {
    world.number(&format!("SELECT COUNT(*) FROM {of}")).await
}

#[test]
fn the_real_register_takes_all_of_it_away() {
    on_both_new(async |world| {
        world.app.demonstrate_at_size(SITES, SEED).await.unwrap();
        let shown = england(world).await;
        assert!(shown["enrolments"]["totalCount"].as_i64().unwrap() > 20, "{shown:#}");
        assert!(values(&shown, "sites.in_post")[2].as_f64().unwrap() > 0.0);
        assert!(values(&shown, "impact.letters_to_gp_share")[2].is_number());
        for of in EMPTIED {
            assert!(count(world, of).await > 0, "{of} was empty before");
        }

        let file = Made::new("epraccur.csv", ods(&[LEEDS]));
        let dry = import(world, "ods", &file, &["--edition", "2025-12-31", "--dry-run"]).await;
        assert!(dry.success, "{}{}", dry.out, dry.err);
        assert_eq!(england(world).await, shown, "a dry run takes nothing away");
        let ran = import(world, "ods", &file, &["--edition", "2025-12-31"]).await;
        assert!(ran.success, "{}{}", ran.out, ran.err);

        for of in EMPTIED {
            assert_eq!(count(world, of).await, 0, "{of}");
        }
        let seen = england(world).await;
        for of in ["enrolments", "cohorts", "posts"] {
            assert_eq!(seen[of]["totalCount"], 0, "{of}");
        }
        for step in seen["adoptionFunnel"][0]["steps"].as_array().unwrap() {
            assert_eq!(step, &json!({ "everReached": 0, "nowAt": 0 }));
        }
        assert_eq!(seen["adoptionFunnel"][0]["notEngaged"], 1, "the one real practice");
        for metric in ["sites.engaged", "sites.in_post", "posts.fte", "learners.in_training"] {
            let some = values(&seen, metric).into_iter().filter_map(Value::as_f64);
            assert_eq!(some.fold(0.0, |sum, value| sum + value), 0.0, "{metric}");
        }
        assert!(values(&seen, "impact.letters_to_gp_share").iter().all(|it| it.is_null()));
        nothing_is_wrong(world).await;
        let fresh = on_the_same(world).await;
        assert_eq!(england(&fresh).await, seen);
        fresh.leave().await;
    });
}

/// A figure that somebody recorded is nobody's invention, and stands.
#[test]
fn a_figure_that_a_person_recorded_stays_with_its_site() {
    on_both_new(async |world| {
        world.app.demonstrate_at_size(SITES, SEED).await.unwrap();
        let item = json!({
            "metric": "impact.gp_hours_released", "organisation": { "odsCode": "DEMO0001" },
            "month": "2025-12", "value": 12.0,
        });
        let input = json!({ "idempotencyKey": "theirs", "items": [item] });
        let done = world.command(people::NATIONAL, "recordObservations", input).await;
        assert_eq!(done["refused"], 0, "{done:#}");
        let file = Made::new("epraccur.csv", ods(&[LEEDS]));
        let ran = import(world, "ods", &file, &["--edition", "2025-12-31"]).await;
        assert!(ran.success, "{}{}", ran.out, ran.err);
        let hours = "{ metricSeries(input: { metrics: [\"impact.gp_hours_released\",
            \"impact.letters_to_gp_share\"], of: { england: true },
            periods: { from: \"2025-12\", to: \"2025-12\" } }) { points { value { value } } } }";
        let seen = world.data(people::NATIONAL, hours, json!({})).await;
        let shown = |at: usize| &seen["metricSeries"][at]["points"][0]["value"]["value"];
        assert_eq!((shown(0), shown(1)), (&json!(12.0), &Value::Null));
        for of in ["participation", "stage_record", "enrolment", "post", "learner"] {
            assert_eq!(count(world, of).await, 0, "{of}");
        }
        nothing_is_wrong(world).await;
    });
}

/// What is gone from the database is told to those who could see it, and to nobody else.
#[test]
fn whoever_keeps_a_copy_is_told_what_to_delete() {
    on_both_new(async |world| {
        world.app.demonstrate_at_size(SITES, SEED).await.unwrap();
        let one = "{ enrolments(first: 1) { nodes { id cohort { trainingHub { slug } } } }
            trainingHubs(first: 100) { nodes { slug } } }";
        let seen = world.data(people::NATIONAL, one, json!({})).await;
        let it = &seen["enrolments"]["nodes"][0];
        let slug = it["cohort"]["trainingHub"]["slug"].as_str().unwrap();
        let hub =
            |slug: &str| Who { organisation: format!("hub:{slug}").leak(), ..people::YORKSHIRE };
        let others = seen["trainingHubs"]["nodes"].as_array().unwrap();
        let other = others.iter().find_map(|hub| hub["slug"].as_str().filter(|it| *it != slug));
        let before = now(world, people::NATIONAL).await;

        let file = Made::new("epraccur.csv", ods(&[LEEDS]));
        let ran = import(world, "ods", &file, &["--edition", "2025-12-31"]).await;
        assert!(ran.success, "{}{}", ran.out, ran.err);
        for who in [people::NATIONAL, hub(slug)] {
            let told = told(world, who, &before).await;
            assert_eq!(told.of(&it["id"]).last(), Some(&"RECORD_REMOVED"), "{who:?}");
            let gone = told.changes.iter().rfind(|change| change["nodeId"] == it["id"]);
            assert!(gone.unwrap()["node"].is_null());
            assert!(told.changes.iter().any(|it| it["type"] == "REMOVED"), "a place of nobody's");
        }
        let elsewhere = told(world, hub(other.unwrap()), &before).await;
        assert!(elsewhere.of(&it["id"]).is_empty());
        // Also where types are named, and this is none of them.
        let renamed = json!({ "after": before, "first": 100, "types": ["RENAMED"] });
        let data = world.data(people::NATIONAL, CHANGES, renamed).await;
        let edges = data["changes"]["edges"].as_array().unwrap();
        assert!(edges.iter().any(|edge| edge["node"]["type"] == "RECORD_REMOVED"), "{data:#}");
    });
}
