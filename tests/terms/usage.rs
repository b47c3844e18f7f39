//! Who uses what of the schema.

use serde_json::{Value, json};

use crate::harness::{on_both, on_the_same, people};

const USES: &str =
    "{ apiClient(clientId: \"portal\") { uses { coordinate requests lastUsedOn } } }";
const USERS: &str = "query($coordinate: String!) { fieldUsers(coordinate: $coordinate) {
    caller requests lastUsedOn } }";

#[test]
fn it_is_known_who_uses_which_field() {
    on_both(async |world| {
        let other = on_the_same(world).await;
        let document = "query($n: Int) { sites(first: $n) { nodes { ...Named } } }
            fragment Named on Site { name other: odsCode }";
        for instance in [world, &other, world] {
            instance.data(people::PORTAL, document, json!({ "n": 1 })).await;
        }
        world.data(people::YORKSHIRE, "{ sites(first: 1) { nodes { name } } }", json!({})).await;
        world.data(people::PUBLIC, "{ sites(first: 1) { nodes { name } } }", json!({})).await;
        // The other instance writes what it counted before it leaves.
        other.leave().await;

        let data = world.data(people::NATIONAL, USES, json!({})).await;
        let uses = data["apiClient"]["uses"].as_array().unwrap();
        let count = |coordinate: &str| {
            let used = uses.iter().find(|used| used["coordinate"] == coordinate);
            used.map(|used| used["requests"].clone()).unwrap_or_default()
        };
        for used in ["Query.sites", "Query.sites(first:)", "Site.name", "Site.odsCode"] {
            assert_eq!(count(used), 3, "{used} {uses:#?}");
        }
        assert_eq!(count("Site.postcode"), Value::Null);
        assert_eq!(uses[0]["lastUsedOn"], "2026-01-15");

        let coordinate = json!({ "coordinate": "Site.name" });
        let users = world.data(people::NATIONAL, USERS, coordinate).await;
        let users = users["fieldUsers"].as_array().unwrap();
        let callers: Vec<_> = users.iter().map(|user| user["caller"].as_str().unwrap()).collect();
        assert_eq!(callers.len(), 3, "{callers:?}");
        assert!(callers.contains(&"client:portal") && callers.contains(&"public"), "{callers:?}");
        assert!(callers.iter().any(|caller| caller.starts_with("issuer:")), "{callers:?}");
    });
}

#[test]
fn a_refused_document_uses_nothing_and_only_the_programme_team_reads_of_others() {
    on_both(async |world| {
        world
            .ask(people::YORKSHIRE, "{ sites(first: 1000000) { nodes { postcode } } }", json!({}))
            .await;
        let coordinate = json!({ "coordinate": "Site.postcode" });
        let users = world.data(people::NATIONAL, USERS, coordinate.clone()).await;
        assert_eq!(users["fieldUsers"], json!([]));
        for who in [people::YORKSHIRE, people::PORTAL, people::ANALYST] {
            let refused = world.ask(who, USERS, coordinate.clone()).await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
        }
        let own = world.data(people::PORTAL, USES, json!({})).await;
        assert!(own["apiClient"]["uses"].is_array());
    });
}

#[test]
fn whoever_uses_what_will_go_is_told_and_nobody_else() {
    on_both(async |world| {
        let other = on_the_same(world).await;
        let going = "{ service { deprecations { coordinate reason } }
            viewer { deprecationsUsed { requests lastUsedOn deprecation { coordinate } } } }";
        let asked = async |who| world.data(who, going, json!({})).await;
        let before = asked(people::PORTAL).await;
        let announced = before["service"]["deprecations"].as_array().unwrap();
        let of_posts = announced.iter().find(|it| it["coordinate"] == "Post.learnerId").unwrap();
        assert_eq!(of_posts["reason"], "Ask for `learner { id }`. It goes on 1 October 2027.");
        assert_eq!(before["viewer"]["deprecationsUsed"], json!([]));

        let old = "{ posts { nodes { ...Person } } } fragment Person on Post { who: learnerId }";
        for instance in [world, &other, world] {
            instance.data(people::PORTAL, old, json!({})).await;
        }
        other.leave().await;
        world.data(people::PORTAL, "{ posts { nodes { learner { id } } } }", json!({})).await;

        let used = json!([{ "requests": 3, "lastUsedOn": "2026-01-15",
            "deprecation": { "coordinate": "Post.learnerId" } }]);
        assert_eq!(asked(people::PORTAL).await["viewer"]["deprecationsUsed"], used);
        assert_eq!(asked(people::YORKSHIRE).await["viewer"]["deprecationsUsed"], json!([]));
    });
}
