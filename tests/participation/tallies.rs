//! Tallies that were made for somebody who asked are carried from write to write, and come
//! to what making them anew comes to.

use api::{app::operator, domain::records::check::records};
use serde_json::{Value, json};

use super::{post, prepared, started};
use crate::{
    enrolments::{apply, cohort, mentor, step},
    harness::{World, on_both, people, with},
};

/// Every metric that is counted in the records.
const METRICS: [&str; 27] = [
    "sites.engaged",
    "sites.training",
    "sites.in_post",
    "sites.sustained",
    "sites.new_adopters",
    "sites.lapsed",
    "pcns.in_post",
    "patients.covered",
    "stage.median_days",
    "stage.conversion",
    "places.commissioned",
    "places.filled",
    "learners.applied",
    "learners.started",
    "learners.completed",
    "learners.withdrawn",
    "learners.in_training",
    "learners.completion_rate_9m",
    "learners.completion_rate_12m",
    "learners.withdrawal_rate",
    "learners.extension_rate",
    "learners.days_to_complete",
    "learners.no_mentor",
    "gpa.retention_12m",
    "gpa.accredited_share",
    "posts.headcount",
    "posts.fte",
];

/// Asks what each region came to in each month of a year, where places sat then and where
/// they sit now. It is given back to be compared.
pub(crate) async fn look(world: &World) -> Vec<Value> {
    let series = "query($metrics: [String!]!, $kind: BoundariesKind!) {
        metricSeries(input: { metrics: $metrics, of: { every: { kind: REGION } },
            periods: { from: \"2025-02\", to: \"2026-01\" }, boundaries: { kind: $kind } }) {
            metric { code } organisation { odsCode }
            points { value { state value numerator denominator } } } }";
    let mut seen = Vec::new();
    for kind in ["AT_PERIOD", "CURRENT"] {
        let asked = json!({ "metrics": METRICS, "kind": kind });
        seen.push(world.data(people::NATIONAL, series, asked).await);
    }
    seen
}

/// So many tallies are kept, and each is what the records come to.
pub(crate) async fn kept(world: &World) -> usize {
    let checked = records(&operator(&world.app.store)).await.unwrap();
    assert_eq!(checked.breaches, [""; 0]);
    checked.tallies
}

#[test]
fn what_is_kept_is_carried_on_and_says_what_is_true_now() {
    on_both(async |world| {
        prepared(world, "Y90002").await;
        let before = look(world).await;
        let count = kept(world).await;
        assert!(count > 300, "only {count} tallies are kept");
        prepared(world, "Y90001").await;
        assert_eq!(kept(world).await, count);
        let it = apply(world, "amy", &cohort(world).await).await;
        let it = mentor(world, &it, "2025-03-01").await;
        step(world, &it, "OFFERED", "2025-03-01").await;
        let begun = started(world, "Y90001", "one", "2025-03-03").await;
        let person = json!({ "person": begun["person"] });
        let again = with(&post("Y90002", "two", "2025-06-02"), person);
        world.command(people::YORKSHIRE, "startPost", again).await;
        let end = json!({ "id": begun["id"], "expectedVersion": 1, "endedOn": "2025-10-01",
            "reason": "FUNDING_ENDED" });
        world.command(people::PRACTICE, "endPost", end).await;
        assert_eq!(kept(world).await, count, "nothing is dropped, and nothing was made");
        let after = look(world).await;
        assert_ne!(after, before);
        assert_eq!(kept(world).await, count, "what is asked for again is there");
        let fresh = crate::harness::on_the_same(world).await;
        assert_eq!(look(&fresh).await, after);
        fresh.leave().await;
    });
}
