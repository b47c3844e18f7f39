//! What a rate's change is made of, where a site moves from one region to another.

use serde_json::{Value, json};

use super::{item, ratio, record, site};
use crate::harness::{Who, World, on_both, people};

const DECOMPOSITION: &str = "query($input: DecompositionInput!) { decomposition(input: $input) {
    organisation { odsCode } previous { value numerator denominator } recomputed { state value }
    current { value } change { __typename ... on RateChange { real reorganisation total }
        ... on AnalysisRefused { code } } } }";

const SHARE: &str = "impact.letters_to_gp_share";

async fn decompose(world: &World, who: Who, metric: &str, of: Value) -> Value {
    let input = json!({ "metric": metric, "of": of, "from": "2025-01", "to": "2025-11" });
    let mut data = world.data(who, DECOMPOSITION, json!({ "input": input })).await;
    data["decomposition"].take()
}

/// Mersey Bank, of the North West, belongs to Leeds from June 2025 on.
async fn mersey_moves(world: &World) {
    let mersey = world.site("Y90004").await;
    let input = json!({ "id": mersey["id"], "expectedVersion": mersey["version"],
        "parent": site("15F"), "from": "2025-06-01" });
    let done = world.command(people::NATIONAL, "recordMembershipChange", input).await;
    assert_eq!(done["__typename"], "MembershipChangeRecorded", "{done:#}");
}

/// In January 30 and 20 of 100 letters each in Yorkshire, a quarter, and 5 of Mersey's 50.
/// On the new map that was 55 of 250, 22 per cent; in November it is 80 of 250, 32.
#[test]
fn a_region_that_took_in_a_site_did_better_than_it_looks() {
    on_both(async |world| {
        mersey_moves(world).await;
        let letters = [
            ("Y90001", "2025-01", (30.0, 100.0)),
            ("Y90002", "2025-01", (20.0, 100.0)),
            ("Y90004", "2025-01", (5.0, 50.0)),
            ("Y90001", "2025-11", (40.0, 100.0)),
            ("Y90002", "2025-11", (30.0, 100.0)),
            ("Y90004", "2025-11", (10.0, 50.0)),
        ];
        let items = letters.map(|(site, month, parts)| ratio(SHARE, site, month, parts));
        record(world, "letters", items.to_vec()).await;
        let regions =
            json!({ "organisations": [site("Y63"), site("Y62"), { "slug": "national" }] });
        let made = decompose(world, people::PUBLIC, SHARE, regions).await;
        let change = |real: f64, reorganisation: f64, total: f64| {
            json!({ "__typename": "RateChange", "real": real, "reorganisation": reorganisation,
                "total": total })
        };
        assert_eq!(
            made[0],
            json!({ "organisation": { "odsCode": "Y63" },
                "previous": { "value": 25.0, "numerator": 50.0, "denominator": 200.0 },
                "recomputed": { "state": "VALUE", "value": 22.0 }, "current": { "value": 32.0 },
                "change": change(10.0, -3.0, 7.0) })
        );
        // The North West has nothing left to compare.
        assert_eq!(made[1]["previous"]["value"], 10.0);
        assert_eq!(made[1]["recomputed"]["state"], "NOT_SUBMITTED");
        assert_eq!(made[1]["change"]["code"], "NO_VALUES");
        assert_eq!(made[2]["change"], change(10.0, 0.0, 10.0));
    });
}

#[test]
fn what_cannot_be_split_is_refused() {
    on_both(async |world| {
        mersey_moves(world).await;
        let metric = "survey.withdrawal_rate";
        let of = |site, month| ratio(metric, site, month, (30.0, 100.0));
        record(
            world,
            "people",
            vec![
                of("Y90001", "2025-01"),
                of("Y90001", "2025-11"),
                of("Y90004", "2025-01"),
                item("survey.engaged", site("Y90001"), "2025-01", 1.0),
                item("survey.engaged", site("Y90001"), "2025-11", 1.0),
            ],
        )
        .await;
        let region = || json!({ "organisations": [site("Y63")] });
        let made = decompose(world, people::PUBLIC, "survey.engaged", region()).await;
        assert_eq!(made[0]["change"]["code"], "NOT_A_RATIO");
        // Hidden figures stand on the boundaries of their own period alone, so the split
        // would be a false 0.
        let made = decompose(world, people::PUBLIC, metric, region()).await;
        assert_eq!(made[0]["change"]["code"], "HIDDEN");
        let made = decompose(world, people::NORTH_EAST, metric, region()).await;
        assert_eq!(made[0]["change"]["__typename"], "RateChange", "{made:#}");
        let input = json!({ "metric": SHARE, "of": region(), "from": "2025-11", "to": "2025-11" });
        let answer = world.ask(people::PUBLIC, DECOMPOSITION, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    });
}
