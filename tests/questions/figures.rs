//! What boards, regions, analysts and the public ask of figures.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::on_both_demonstrated;
use crate::harness::{World, people};

/// The funnel of every region for a board's paper, as at the end of a year.
const FUNNEL: &str = "query($asAt: Date!, $since: Date!) {
    adoptionFunnel(input: { of: { every: { kind: REGION } }, asAt: $asAt, since: $since }) {
        organisation { name odsCode } asAt notEngaged declined lapsed
        steps { stage everReached reachedSince nowAt medianDays conversion } } }";

/// How a region grows, and whether what is seen is more than chance.
const GROWTH: &str = "query($region: OdsCode!, $metrics: [String!]!, $periods: PeriodRange!) {
    region(by: { odsCode: $region }) { name
        metricSeries(metrics: $metrics, periods: $periods) {
            metric { code title unit }
            points { period { label } value { state value text } }
            spc { __typename
                ... on SpcChart { variation assurance
                    segments { from { label } to { label } mean lower upper trial }
                    points { period { label } value specialCause meaning } }
                ... on AnalysisRefused { code message hint } } } } }";

/// Places offered and taken up by each hub, by financial year.
const PLACES: &str = "query($within: OrganisationBy!) { metricSeries(input: {
    metrics: [\"places.commissioned\", \"places.filled\", \"places.fill_rate\"],
    of: { every: { kind: TRAINING_HUB, within: $within } },
    periods: { type: FINANCIAL_YEAR, from: \"2024-04\", to: \"2025-12\" } }) {
    metric { code } organisation { name }
    points { period { label from to } value { state value text } } } }";

/// Where the role could come next: the largest first.
const NEVER_ENGAGED: &str = "query($region: OrganisationBy!) {
    sites(filter: { region: $region, eligible: true, stages: [NOT_ENGAGED] },
        orderBy: { field: LIST_SIZE, direction: DESCENDING }, first: 10) {
        totalCount nodes { odsCode name listSize { countedOn patients }
            placement { icb { name } trainingHub { slug } } } } }";

/// Boards before and after a site changed hands.
const BOUNDARIES: &str = "query($old: Date!, $of: OrganisationSelector!) {
    old: metricSeries(input: { metrics: [\"adoption.rate\"], of: $of,
        periods: { last: 1 }, boundaries: { kind: AS_AT, asAt: $old } }) { ...Rate }
    new: metricSeries(input: { metrics: [\"adoption.rate\"], of: $of,
        periods: { last: 1 }, boundaries: { kind: CURRENT } }) { ...Rate } }
    fragment Rate on MetricSeries { boundaries { kind asAt } organisation { odsCode }
        points { period { label } value { numerator denominator text } } }";

/// What a public map shows of each region.
const MAP: &str = "query($day: Date!) { regions(asAt: $day) { odsCode onsCode name
    siteCounts { eligible eligiblePatients } stageCounts { stage sites }
    metricSeries(metrics: [\"adoption.rate\", \"adoption.patient_coverage\"],
        periods: { from: \"2025-12\", to: \"2025-12\" }) {
        metric { code } points { value { state value rounded text } } } } }";

/// What became of GPs' correspondence, and how sure it is that the role did it.
const CORRESPONDENCE: &str = "query($metric: String!, $first: Month!, $last: Month!) {
    metricSeries(input: { metrics: [$metric], of: { england: true }, periods: { last: 6 } }) {
        metric { code version title unit direction
            evidence { claim change { value unit } source year design grade } }
        points { period { label } value { state value coverage { reported expected } } }
        changeFromBaseline(first: $first, last: $last) { __typename
            ... on ChangeFromBaseline { first last baseline period { label } value absolute percent }
            ... on AnalysisRefused { code message hint } } } }";

/// What a merger next month would move.
const MERGER: &str = "query($input: SuccessionImpactInput!) { successionImpact(input: $input) {
    occurredOn
    before { site { odsCode } stage firstInPostOn listSize enrolments learnersInTraining posts fte }
    after { stage firstInPostOn listSize enrolments learnersInTraining posts fte }
    everInTraining { none successor }
    region { region { odsCode } before { inPost eligible } after { inPost eligible } }
    checks { of before after holds } } }";

#[test]
fn figures_for_boards_regions_and_the_public() {
    on_both_demonstrated(async |world| {
        let variables = json!({ "asAt": "2025-12-31", "since": "2025-04-01" });
        let seen = world.data(people::BOARD, FUNNEL, variables).await;
        assert_json_snapshot!("01_funnel_by_region_for_a_board", seen);

        let variables = json!({ "region": "Y63", "metrics": ["sites.new_adopters", "posts.fte"],
            "periods": { "from": "2024-07", "to": "2025-12" } });
        let seen = world.data(people::NORTH_EAST, GROWTH, variables).await;
        assert_json_snapshot!("02_growth_of_a_region", seen);

        let variables = json!({ "within": { "odsCode": "Y63" } });
        let seen = world.data(people::NORTH_EAST, PLACES, variables).await;
        assert_json_snapshot!("03_places_against_started", seen);

        let variables = json!({ "region": { "odsCode": "Y63" } });
        let seen = world.data(people::NORTH_EAST, NEVER_ENGAGED, variables).await;
        assert_json_snapshot!("05_eligible_sites_never_engaged", seen);

        let seen = world.data(people::PUBLIC, MAP, json!({ "day": "2025-12-31" })).await;
        assert_json_snapshot!("18_public_map", seen);

        let variables = json!({ "metric": "impact.gp_correspondence_minutes",
            "first": "2024-10", "last": "2024-12" });
        let seen = world.data(people::PUBLIC, CORRESPONDENCE, variables).await;
        assert_json_snapshot!("19_correspondence_and_its_evidence", seen);

        merger_and_boundaries(world).await;
    });
}

/// Two sites of West Yorkshire's board would merge; and one that is in post moves to the
/// board of the next county.
async fn merger_and_boundaries(world: &World) {
    let asked = "{ icb: organisation(by: { odsCode: \"QWO\" }) { ... on Icb {
        posts: sites(filter: { stages: [IN_POST, EMBEDDED, SUSTAINED] }) { nodes { id version } }
        training: sites(filter: { stages: [TRAINING] }) { nodes { id } } } } }";
    let data = world.data(people::YORKSHIRE, asked, json!({})).await;
    let first = |of: &str| &data["icb"][of]["nodes"][0];
    let (one, other) = (first("posts"), first("training"));
    assert!(one["id"].is_string() && other["id"].is_string(), "{data:#}");
    let input = json!({ "predecessors": [{ "id": one["id"] }, { "id": other["id"] }],
        "occurredOn": "2026-02-01" });
    let seen = world.data(people::NORTH_EAST, MERGER, json!({ "input": input })).await;
    for check in seen["successionImpact"]["checks"].as_array().unwrap() {
        assert_eq!(check["holds"], true, "{check}");
    }
    assert_json_snapshot!("09_merger_next_month", seen);

    move_to_york(world, one).await;
    let variables = json!({ "old": "2025-12-01",
        "of": { "organisations": [{ "odsCode": "QWO" }, { "odsCode": "QOQ" }] } });
    let seen = world.data(people::ANALYST, BOUNDARIES, variables).await;
    assert_ne!(seen["old"][0]["points"], seen["new"][0]["points"], "the site was not moved");
    assert_json_snapshot!("17_boards_on_old_and_new_boundaries", seen);
}

async fn move_to_york(world: &World, site: &Value) {
    let input = json!({ "id": site["id"], "expectedVersion": site["version"],
        "parent": { "odsCode": "03Q" }, "from": "2026-01-01" });
    let done = world.command(people::NATIONAL, "recordMembershipChange", input).await;
    assert_eq!(done["__typename"], "MembershipChangeRecorded", "{done:#}");
}
