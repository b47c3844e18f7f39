//! Peers side by side: ranks, quantiles and the funnel; and nothing of whom is hidden.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{close, item, ratio, record, site};
use crate::harness::{Who, World, on_both, people};

const COMPARISON: &str = "query($input: ComparisonInput!) { comparison(input: $input) {
    hidden quantiles { minimum lowerQuartile median upperQuartile maximum }
    peers { organisation { odsCode } value { state value rounded } rank percentile
        boundaries { kind } }
    funnel { __typename ... on AnalysisRefused { code }
        ... on Funnel { target points { organisation { odsCode } denominator value place
            lower998 lower95 upper95 upper998 } } } } }";

async fn compare(world: &World, who: Who, metric: &str, within: Value) -> Value {
    let input = json!({ "metric": metric, "every": { "kind": "SITE", "within": within },
        "period": { "month": "2025-11" } });
    let mut data = world.data(who, COMPARISON, json!({ "input": input })).await;
    data["comparison"].take()
}

fn with_values(comparison: &Value) -> BTreeMap<&str, &Value> {
    let peers = comparison["peers"].as_array().unwrap().iter();
    let known = peers.filter(|peer| !peer["rank"].is_null());
    known.map(|peer| (peer["organisation"]["odsCode"].as_str().unwrap(), peer)).collect()
}

/// 40, 30 and 90 of 100 letters each: the hub's are 160 of 300.
#[test]
fn a_hubs_sites_stand_side_by_side_and_the_funnel_says_who_is_out_of_line() {
    on_both(async |world| {
        let metric = "impact.letters_to_gp_share";
        let letters = [("Y90001", 40.0), ("Y90002", 30.0), ("Y90005", 90.0)];
        let items = letters.map(|(site, passed)| ratio(metric, site, "2025-11", (passed, 100.0)));
        record(world, "letters", items.to_vec()).await;
        let hub = json!({ "slug": "west-yorkshire" });
        let made = compare(world, people::PUBLIC, metric, hub).await;
        let peers = with_values(&made);
        // Less is better.
        for (site, rank, percentile) in
            [("Y90002", 1, 16.0), ("Y90001", 2, 50.0), ("Y90005", 3, 83.0)]
        {
            assert_eq!(peers[site]["rank"], rank, "{site}");
            assert_eq!(peers[site]["percentile"].as_f64().unwrap().floor(), percentile, "{site}");
        }
        assert_eq!(
            made["quantiles"],
            json!({ "minimum": 30.0, "lowerQuartile": 35.0, "median": 40.0,
                "upperQuartile": 65.0, "maximum": 90.0 })
        );
        assert!(
            made["peers"].as_array().unwrap().len() > 3,
            "those without a figure are there too"
        );
        close(&made["funnel"]["target"], 16_000.0 / 300.0);
        let places: BTreeMap<_, _> = made["funnel"]["points"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| (point["organisation"]["odsCode"].as_str().unwrap(), &point["place"]))
            .collect();
        assert_eq!(places["Y90001"], "BELOW");
        assert_eq!(places["Y90002"], "FAR_BELOW");
        assert_eq!(places["Y90005"], "FAR_ABOVE");
        let point = &made["funnel"]["points"][0];
        let limits = ["lower998", "lower95", "upper95", "upper998"]
            .map(|limit| point[limit].as_f64().unwrap());
        assert!(limits.is_sorted() && limits[0] > 30.0 && limits[3] < 90.0, "{limits:?}");
    });
}

#[test]
fn what_is_no_share_has_no_funnel() {
    on_both(async |world| {
        let minutes = "impact.gp_correspondence_minutes";
        record(
            world,
            "figures",
            vec![
                ratio(minutes, "Y90001", "2025-11", (90.0, 2.0)),
                item("survey.engaged", site("Y90001"), "2025-11", 1.0),
            ],
        )
        .await;
        for (metric, code) in [
            (minutes, "NOT_A_PROPORTION"),
            ("survey.engaged", "NOT_A_RATIO"),
            ("impact.misrouted_rate", "NO_VALUES"),
        ] {
            let made =
                compare(world, people::PUBLIC, metric, json!({ "slug": "west-yorkshire" })).await;
            assert_eq!(made["funnel"]["code"], code, "{metric}");
            assert_eq!(made["quantiles"].is_null(), metric == "impact.misrouted_rate");
        }
    });
}

/// A hub sees its own sites; of the others only how many were left out, whatever they hold.
#[test]
fn nothing_depends_on_whoever_is_hidden() {
    on_both(async |world| {
        let metric = "survey.withdrawal_rate";
        let of = |site, parts| ratio(metric, site, "2025-11", parts);
        record(
            world,
            "own",
            vec![of("Y90001", (3.0, 10.0)), of("Y90002", (1.0, 10.0)), of("Y90004", (9.0, 10.0))],
        )
        .await;
        let england = json!({ "slug": "national" });
        let before = compare(world, people::YORKSHIRE, metric, england.clone()).await;
        let seen: Vec<_> = with_values(&before).into_keys().collect();
        assert_eq!(seen, ["Y90001", "Y90002"]);
        close(&before["funnel"]["target"], 20.0);
        assert!(before["hidden"].as_i64().unwrap() > 0);
        record(world, "theirs", vec![of("Y90004", (1.0, 40.0))]).await;
        let after = compare(world, people::YORKSHIRE, metric, england.clone()).await;
        assert_eq!(after, before);
        let everything = compare(world, people::NATIONAL, metric, england.clone()).await;
        assert_eq!(everything["hidden"], 0);
        assert_eq!(with_values(&everything).len(), 3);
        let all = everything["peers"].as_array().unwrap().len();
        let shown = before["peers"].as_array().unwrap().len();
        assert_eq!(before["hidden"], all - shown);
        let public = compare(world, people::PUBLIC, metric, england).await;
        assert_eq!(
            (with_values(&public).len(), &public["funnel"]["code"]),
            (0, &json!("NO_VALUES"))
        );
    });
}
