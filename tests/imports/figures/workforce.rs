//! NHS England's PCN Workforce: people counted once at every level, and networks that
//! the register does not know.

use serde_json::{Value, json};

use super::{counts, done, rows, started, sums_are_right};
use crate::{
    harness::{World, on_both, on_both_new, people},
    imports::{import, real::sample},
};

const HEADINGS: &str = "DATA_SOURCE,CENSUS_YEAR,CENSUS_MONTH,PCN_CODE,PCN_NAME,SUB_ICB_CODE,STAFF_ROLE,FTE,UNIQUE_IDENTIFIER";

fn file(lines: &[(&str, &str, &str, &str, &str, &str)]) -> String {
    let line = |(source, pcn, sub_icb, role, fte, person): &(_, _, _, _, _, _)| {
        format!("{source},2025,11,{pcn},THE {pcn} PCN,{sub_icb},{role},{fte},{person}\n")
    };
    format!("{HEADINGS}\n{}", lines.iter().map(line).collect::<String>())
}

const STAFF: &str = "NWRS Staff";
const GPA: &str = "General Practice Assistants";

/// The kept sum of a metric within an organisation, in millionths.
async fn within(world: &World, metric: &str, place: &str) -> i64 {
    world
        .number(&format!(
            "SELECT CAST(COALESCE(SUM(value), -1) AS BIGINT) FROM rollup WHERE basis = 'WITHIN'
             AND series_id = (SELECT series_id FROM metric_version WHERE code = '{metric}')
             AND place_id = (SELECT organisation_id FROM organisation_code WHERE code = '{place}'
                 AND valid_to IS NULL)"
        ))
        .await
}

#[test]
fn somebody_in_two_networks_is_one_person_above_them() {
    on_both(async |world| {
        let text = file(&[
            (STAFF, "U99991", "15F", GPA, "0.5", "1"),
            (STAFF, "U99991", "15F", GPA, "0.333333333", "1"),
            (STAFF, "U99991", "15F", GPA, "1", "2"),
            (STAFF, "U99992", "15F", GPA, "0.5", "2"),
            (STAFF, "U99992", "15F", "Pharmacists", "1", "9"),
            ("NWRS contracted services", "U99993", "99A", GPA, "0.25", ""),
            (STAFF, "U99994", "00Z", GPA, "1", "3"),
            (STAFF, "U99995", "15F", GPA, "", "4"),
            (STAFF, "U99995", "15F", GPA, "1", "5"),
        ]);
        let hub = started(world, people::YORKSHIRE, "hub", "PCN_WORKFORCE", &text).await;
        assert_eq!(counts(&hub["import"]), [0, 0, 0, 0, 10]);
        let payload = started(world, people::NATIONAL, "pcn", "PCN_WORKFORCE", &text).await;
        let preview = &payload["import"];
        assert_eq!(counts(preview), [6, 0, 0, 0, 4]);
        assert_eq!(preview["counts"]["skipped"], 1);
        let codes: Vec<_> = preview["openings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| each["odsCode"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["U99991", "U99992", "U99993"]);
        let lines = rows(preview);
        assert_eq!(lines[0], "2 CREATE OPENED");
        assert_eq!(lines[6], "8 REFUSED NOT_FOUND");
        assert_eq!(lines[8], "9 REFUSED REQUIRED");
        // Nothing of it is in the register before the commit.
        assert_eq!(
            world.number("SELECT COUNT(*) FROM organisation_code WHERE code LIKE 'U9999%'").await,
            0
        );

        let committed = done(world, people::NATIONAL, "commit", preview).await;
        assert_eq!(counts(&committed), [6, 0, 0, 0, 4]);
        assert_eq!(within(world, "gpa.headcount", "QWO").await, 2_000_000);
        assert_eq!(within(world, "gpa.fte", "QWO").await, 2_333_333);
        assert_eq!(within(world, "gpa.fte", "QYG").await, 250_000);
        assert_eq!(within(world, "gpa.fte", "national").await, 2_583_333);
        sums_are_right(world).await;
        let pcn = world.organisation(json!({ "odsCode": "U99991" })).await;
        assert_eq!(
            (&pcn["name"], &pcn["openedOn"]),
            (&json!("THE U99991 PCN"), &json!("2025-11-01"))
        );
        assert_eq!(pcn["placement"]["icb"]["odsCode"], "QWO");

        let again = started(world, people::NATIONAL, "again", "PCN_WORKFORCE", &text).await;
        assert_eq!(counts(&again["import"]), [0, 0, 6, 0, 4]);
        assert_eq!(again["import"]["openings"], json!([]));
        let undone = done(world, people::NATIONAL, "undo", &committed).await;
        assert_eq!(undone["state"], "UNDONE");
        assert_eq!(within(world, "gpa.headcount", "QWO").await, -1);
        sums_are_right(world).await;
    });
}

#[test]
fn an_edition_without_identifiers_counts_posts_and_nothing_above_the_network() {
    on_both(async |world| {
        let text = "Data_source,CENSUS_YEAR,CENSUS_MONTH,PCN_CODE,PCN_NAME,SUB_ICB_CODE,STAFF_ROLE,FTE\n\
                    NWRS Staff,2022,9,U99991,ONE,15F,General Practice Assistants,0.5\n\
                    NWRS Staff,2022,9,U99991,ONE,15F,General Practice Assistants,0.5\n";
        let payload = started(world, people::NATIONAL, "old", "PCN_WORKFORCE", text).await;
        let committed = done(world, people::NATIONAL, "commit", &payload["import"]).await;
        assert_eq!(committed["rows"]["nodes"][0]["after"]["value"], 2.0);
        assert_eq!(within(world, "gpa.headcount", "QWO").await, -1);
        assert_eq!(within(world, "gpa.fte", "QWO").await, 1_000_000);
        sums_are_right(world).await;
    });
}

const REGIONS: [(&str, u32); 7] = [
    ("Y56", 305),
    ("Y58", 141),
    ("Y59", 255),
    ("Y60", 310),
    ("Y61", 233),
    ("Y62", 196),
    ("Y63", 220),
];

const SERIES: &str = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
    organisation { odsCode } points { value { state value status } } } }";

/// What everybody is shown of a metric for November: each code, state, value and status.
async fn shown(world: &World, metric: &str, of: Value) -> Vec<Value> {
    let november = json!({ "from": "2025-11", "to": "2025-11" });
    let input = json!({ "metrics": [metric], "of": of, "periods": november });
    let data = world.data(people::PUBLIC, SERIES, json!({ "input": input })).await;
    let one = |series: &Value| {
        let value = &series["points"][0]["value"];
        json!([series["organisation"]["odsCode"], value["state"], value["value"], value["status"]])
    };
    data["metricSeries"].as_array().unwrap().iter().map(one).collect()
}

/// The published totals, as the API shows them.
async fn totals_are_shown(world: &World) {
    let england = || json!({ "england": true });
    let headcount = shown(world, "gpa.headcount", england()).await;
    assert_eq!(headcount, [json!(["X24", "VALUE", 1660.0, "APPROVED"])]);
    let fte = shown(world, "gpa.fte", england()).await;
    assert_eq!(fte, [json!(["X24", "VALUE", 1505.64, "APPROVED"])]);
    let named = REGIONS.map(|(code, _)| json!({ "odsCode": code }));
    let regions = shown(world, "gpa.headcount", json!({ "organisations": named })).await;
    let expected =
        REGIONS.map(|(code, people)| json!([code, "VALUE", f64::from(people), "APPROVED"]));
    assert_eq!(regions, expected);
    let networks = shown(world, "gpa.headcount", json!({ "every": { "kind": "PCN" } })).await;
    let with_one = networks.iter().filter(|each| each[2].as_f64().is_some_and(|it| it >= 1.0));
    assert_eq!(with_one.count(), 459, "of {} networks", networks.len());
}

/// The networks that the register did not know are named in the import, with their
/// sub-ICB locations, and are there to be found.
async fn unknown_networks_are_reported(world: &World) {
    let query = "{ imports(first: 1) { nodes { counts { create refused }
        openings { odsCode name subIcb } } } }";
    let data = world.data(people::NATIONAL, query, json!({})).await;
    let import = &data["imports"]["nodes"][0];
    assert_eq!(import["counts"], json!({ "create": 998, "refused": 0 }));
    let openings = import["openings"].as_array().unwrap();
    let valentine = openings.iter().find(|each| each["odsCode"] == "U94126").unwrap();
    assert_eq!(valentine["name"], "VALENTINE HEALTH PCN");
    assert!(valentine["subIcb"].is_string(), "{valentine}");
    for opening in openings {
        let code = &opening["odsCode"];
        let pcn = world.organisation(json!({ "odsCode": code })).await;
        assert_eq!(pcn["name"], opening["name"], "{code}");
    }
}

#[test]
fn the_published_file_comes_to_what_was_published() {
    let files = [
        "lookups/region_icb_subicb_2023.csv",
        "ods/epraccur_2024-05_edition.csv",
        "ods/ePCN_2023-01.xlsx",
        "workforce/pcn_workforce_gpa_2025-11.csv",
    ];
    let [Some(lookup), Some(ods), Some(pcn), Some(workforce)] = files.map(sample) else { return };
    on_both_new(async |world| {
        import(world, "hierarchy", &lookup, &["--edition", "2023-04-01"]).await.summary();
        import(world, "ods", &ods, &["--edition", "2024-05-31"]).await.summary();
        import(world, "pcn", &pcn, &["--max-errors", "9000"]).await.summary();
        let ran = import(world, "workforce", &workforce, &["--approved"]).await;
        assert!(ran.summary().contains("1848 lines; 998 created"), "{}", ran.out);
        assert!(ran.err.contains("does not know U94126 VALENTINE HEALTH PCN"), "{}", ran.err);
        assert_eq!(within(world, "gpa.headcount", "national").await, 1_660_000_000);
        assert_eq!(within(world, "gpa.fte", "national").await, 1_505_636_569);
        totals_are_shown(world).await;
        unknown_networks_are_reported(world).await;
        sums_are_right(world).await;
        let ran = import(world, "workforce", &workforce, &["--approved"]).await;
        assert!(ran.summary().contains("998 same"), "{}", ran.out);
    });
}

#[test]
fn the_raw_excerpt_of_an_older_edition_is_read_as_it_was_published() {
    let Some(raw) = sample("workforce/raw_excerpt_2022-09_cp1252_no_identifier.csv") else {
        return;
    };
    on_both(async |world| {
        let ran = import(world, "workforce", &raw, &[]).await;
        assert!(ran.summary().contains("500 lines; 0 created"), "{}", ran.out);
        assert!(ran.summary().contains("0 refused, 500 skipped"), "{}", ran.out);
    });
}
