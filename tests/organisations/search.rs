//! Search: what is most likely meant comes first.

use serde_json::{Value, json};

use crate::harness::{World, on_both, people};

async fn search(world: &World, variables: Value) -> Vec<String> {
    let asked = "query($text: String!, $kinds: [OrganisationKind!], $first: Int = 10) {
        search(text: $text, kinds: $kinds, first: $first) {
            matched organisation { name odsCode } } }";
    let data = world.data(people::PUBLIC, asked, variables).await;
    let hits = data["search"].as_array().unwrap().iter().map(|hit| {
        let name = hit["organisation"]["name"].as_str().unwrap();
        format!("{} {name}", hit["matched"].as_str().unwrap())
    });
    hits.collect()
}

#[test]
fn codes_come_first_then_beginnings_then_parts() {
    on_both(async |world| {
        let site = world.site("Y90002").await;
        let named = json!({ "id": site["id"], "expectedVersion": site["version"],
            "name": "The Y90001 Memorial Practice" });
        world.command(people::NATIONAL, "renameSite", named).await;
        for (text, expected) in [
            ("y90001", vec!["CODE Moor View Surgery", "WORD_PREFIX The Y90001 Memorial Practice"]),
            ("  moor   view ", vec!["NAME_PREFIX Moor View Surgery"]),
            ("View Surg", vec!["WORD_PREFIX Moor View Surgery"]),
            ("oor view", vec!["NAME_PART Moor View Surgery"]),
            ("zz9 1zz", vec!["POSTCODE_PREFIX Moor View Surgery"]),
            ("ZZ91Z", vec!["POSTCODE_PREFIX Moor View Surgery"]),
            ("nobody is called so", vec![]),
            ("100%_'\"\\", vec![]),
        ] {
            assert_eq!(search(world, json!({ "text": text })).await, expected, "{text}");
        }
        let prefix = search(world, json!({ "text": "Y9000" })).await;
        assert_eq!(prefix.iter().filter(|hit| hit.starts_with("CODE_PREFIX ")).count(), 5);
    });
}

#[test]
fn kinds_and_first_narrow_it() {
    on_both(async |world| {
        let hubs = json!({ "text": "west yorkshire", "kinds": ["TRAINING_HUB"] });
        assert_eq!(search(world, hubs).await, ["NAME_PREFIX West Yorkshire Training Hub"]);
        let one = json!({ "text": "Demonstration", "first": 1 });
        assert_eq!(search(world, one).await.len(), 1);
        for variables in [
            json!({ "text": "a" }),
            json!({ "text": "   a  " }),
            json!({ "text": "x".repeat(101) }),
            json!({ "text": "abc", "first": 51 }),
            json!({ "text": "abc", "first": 0 }),
            json!({ "text": "abc", "kinds": [] }),
        ] {
            let asked = "query($text: String!, $kinds: [OrganisationKind!], $first: Int = 10) {
                search(text: $text, kinds: $kinds, first: $first) { matched } }";
            let answer = world.ask(people::PUBLIC, asked, variables.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{variables}");
        }
    });
}
