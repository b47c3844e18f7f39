//! What is published of the role's effect, beside the metric that it speaks of, and where
//! the role was first tried.

use serde_json::{Value, json};

use crate::harness::{on_both, people};

#[test]
fn a_claim_stands_beside_its_metric_with_its_grade() {
    on_both(async |world| {
        let document = "{ all: evidence { code grade year source }
            one: evidence(metric: \"impact.gp_correspondence_minutes\") { id code claim
                change { value unit } year design sites grade metrics { code } }
            none: evidence(metric: \"gpa.headcount\") { code }
            metric(code: \"impact.gp_retention_12m\") { evidence { code grade change { value } } } }";
        let data = world.data(people::PUBLIC, document, json!({})).await;
        let all = data["all"].as_array().unwrap().iter();
        let word = |each: &Value, field: &str| each[field].as_str().unwrap().to_owned();
        let told: Vec<_> = all
            .map(|each| (word(each, "code"), word(each, "grade"), each["year"].as_i64()))
            .collect();
        let expected = [
            ("access", "LOW", Some(2018)),
            ("patient-flow", "LOW", Some(2017)),
            ("gp-retention", "VERY_LOW", None),
            ("correspondence", "LOW", Some(2018)),
        ];
        let expected =
            expected.map(|(code, grade, year)| (code.to_owned(), grade.to_owned(), year));
        assert_eq!(told, expected);
        let one = &data["one"][0];
        assert_eq!(one["change"], json!({ "value": -85.0, "unit": "PERCENT" }));
        assert_eq!(one["metrics"], json!([{ "code": "impact.gp_correspondence_minutes" }]));
        assert_eq!(data["none"], json!([]));
        assert_eq!(
            data["metric"]["evidence"],
            json!([{ "code": "gp-retention", "grade": "VERY_LOW", "change": null }])
        );
        let node = "query($id: ID!) { node(id: $id) { ... on Evidence { code } } }";
        let data = world.data(people::PUBLIC, node, json!({ "id": one["id"] })).await;
        assert_eq!(data["node"]["code"], "correspondence");
    });
}

#[test]
fn the_proof_of_concept_is_told_with_its_role_models_and_regions() {
    on_both(async |world| {
        let document = "{ proofsOfConcept { id place roleModel dutyKinds fromYear toYear source
            regions { odsCode } } }";
        let data = world.data(people::PUBLIC, document, json!({})).await;
        let places = data["proofsOfConcept"].as_array().unwrap();
        assert_eq!(places.len(), 2);
        let told = |at: usize, field: &str| places[at][field].clone();
        assert_eq!(told(0, "place"), "North West");
        assert_eq!(told(0, "roleModel"), "COMBINED");
        assert_eq!(told(0, "dutyKinds"), json!(["ADMINISTRATIVE", "CLINICAL"]));
        assert_eq!(told(0, "regions"), json!([{ "odsCode": "Y62" }]));
        assert_eq!(told(1, "roleModel"), "ADMINISTRATIVE");
        assert_eq!(told(1, "dutyKinds"), json!(["ADMINISTRATIVE"]));
        assert_eq!(told(1, "regions"), json!([{ "odsCode": "Y56" }, { "odsCode": "Y59" }]));
        for place in places {
            assert_eq!((&place["fromYear"], &place["toYear"]), (&json!(2017), &json!(2018)));
            assert!(place["source"].as_str().unwrap().len() > 20);
        }
    });
}
