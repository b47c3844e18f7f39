//! What the requests of the matrix are about: made anew whenever one has changed it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    api_clients,
    enrolments::{self, Followed},
    learning, operations, participation, programme,
    requests::Place,
    returns::{self, Owed},
    webhooks,
};
use crate::harness::{World, people};

/// The site that a request is about, and what else it may name.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub site: Value,
    pub version: Value,
    pub membership: Value,
    pub hub: Value,
    pub region: Value,
    /// The id of another site there.
    pub neighbour: Value,
    /// A return of that other site, for fields about returns.
    pub owed: Owed,
    /// An import of somebody there, where the field is about one.
    pub import: Value,
    /// A draft of a metric or a version of content, where the request is about one.
    pub draft: Value,
    /// The key of an issue of that site's, where a field is about issues.
    pub issue: Value,
    /// A cohort and its enrolments, for fields about these.
    pub followed: Followed,
    /// A post there, for fields about posts.
    pub post: Value,
    /// An enrolment, where a field is about learning.
    pub learning: Value,
    /// A machine client, for fields about these: its id, its version and its code.
    pub client: Value,
    /// A registered operation, where the request is about one.
    pub operation: Value,
    /// A team's webhook and a machine's, for fields about these.
    pub webhooks: Value,
    /// Any number that was not used before.
    pub number: usize,
}

#[derive(Default)]
pub(super) struct Targets {
    known: HashMap<(String, Place), Target>,
    made: usize,
    owed: usize,
}

const SITE: &str = "mutation($input: RegisterSiteInput!) { registerSite(input: $input) {
    ... on SiteRegistered { site { id version memberships { nodes { id level } } } } } }";

const DRAFT: &str = "mutation($input: DefineMetricInput!) { defineMetric(input: $input) {
    ... on MetricDefined { metric { id draftVersion } } } }";

const FIGURE: &str = "mutation($input: RecordObservationsInput!) {
    recordObservations(input: $input) { ... on ObservationsRecorded { refused } } }";

const AREA: &str = "query($hub: Slug!, $region: OdsCode!, $site: OdsCode!) {
    site(by: { odsCode: $site }) { id }
    trainingHub(by: { slug: $hub }) { id version }
    region(by: { odsCode: $region }) { id version } }";

impl Targets {
    pub(super) fn used(&mut self, field: &str, place: Place) {
        self.known.remove(&(field.to_owned(), place));
    }

    pub(super) async fn get(&mut self, world: &World, field: &str, place: Place) -> Target {
        let key = (field.to_owned(), place);
        if !self.known.contains_key(&key) {
            self.made += 1;
            let mut target = make(world, place, self.made).await;
            if returns::is_about(field) {
                self.owed += 1;
                target.owed = returns::make(world, field, place, self.owed).await;
            }
            let of_imports = ["import", "node Import", "importProgress live"];
            let moving = ["commitImport", "undoImport", "discardImport"];
            if of_imports.iter().chain(&moving).any(|it| *it == field) {
                target.import = imported(world, place, self.made, field == "undoImport").await;
            }
            match field {
                "publishMetricVersion" => target.draft = draft(world, self.made).await,
                _ if programme::is_about(field) => {
                    target.draft = programme::make(world, field, self.made).await;
                }
                _ if learning::is_about(field) => {
                    target.learning = learning::make(world, place, self.made).await;
                }
                "observations" => record(world, &target.site).await,
                _ => {}
            }
            if enrolments::is_about(field) {
                target.followed = enrolments::make(world, field, place, self.made).await;
            }
            if participation::is_about(field) {
                target.number = self.made;
                target.post = participation::make(world, field, place, &target).await;
            }
            if webhooks::is_about(field) {
                target.webhooks = webhooks::make(world, field, place, self.made).await;
            }
            if field.contains("ataQuality") {
                target.issue = issue(world, place, &target, self.made).await;
            }
            self.known.insert(key.clone(), target);
        }
        // Others may have changed what is shared; only the site is a target's own.
        let mut target = self.known[&key].clone();
        let area = area(world, place).await;
        (target.hub, target.region) = (area["trainingHub"].clone(), area["region"].clone());
        target.neighbour = area["site"]["id"].clone();
        self.made += 1;
        target.number = self.made;
        if api_clients::is_about(field) {
            target.client = api_clients::make(world, field, place, self.made).await;
        }
        if field == "retireOperation" {
            target.operation = operations::make(world, place, self.made).await;
        }
        target
    }
}

async fn area(world: &World, place: Place) -> Value {
    let area = json!({ "hub": place.hub(), "region": place.region(), "site": place.neighbour() });
    world.data(people::NATIONAL, AREA, area).await
}

async fn make(world: &World, place: Place, number: usize) -> Target {
    let input = json!({
        "idempotencyKey": format!("target-{number}"),
        "name": format!("Target {number}"),
        "openedOn": "2024-07-01",
        "subIcb": { "odsCode": place.sub_icb() },
    });
    let data = world.data(people::NATIONAL, SITE, json!({ "input": input })).await;
    let site = &data["registerSite"]["site"];
    Target {
        site: site["id"].clone(),
        version: site["version"].clone(),
        membership: site["memberships"]["nodes"][0]["id"].clone(),
        hub: Value::Null,
        region: Value::Null,
        neighbour: Value::Null,
        owed: Owed::default(),
        import: Value::Null,
        draft: Value::Null,
        issue: Value::Null,
        followed: Followed::default(),
        post: Value::Null,
        learning: Value::Null,
        client: Value::Null,
        operation: Value::Null,
        webhooks: Value::Null,
        number,
    }
}

const START: &str = "mutation($input: StartImportInput!) { startImport(input: $input) {
    ... on ImportStarted { import { id version } } } }";
const COMMIT: &str = "mutation($input: CommitImportInput!) { commitImport(input: $input) {
    ... on ImportCommitted { import { id version } } } }";

/// An import of Yorkshire's practice, or of Cheshire's hub, previewed or committed.
async fn imported(world: &World, place: Place, number: usize, commit: bool) -> Value {
    let outside = place == Place::Outside;
    let who = if outside { people::CHESHIRE } else { people::PRACTICE };
    let site = if outside { "Y90004" } else { "Y90001" };
    let text =
        format!("organisation_code,metric,month,value\n{site},survey.in_post,2025-11,{number}\n");
    let input = json!({ "idempotencyKey": format!("target-{number}"), "format": "OBSERVATIONS",
        "text": text });
    let mut data = world.data(who, START, json!({ "input": input })).await;
    let import = data["startImport"]["import"].take();
    if !commit {
        return import;
    }
    let input = json!({ "id": import["id"], "expectedVersion": import["version"] });
    let mut data = world.data(who, COMMIT, json!({ "input": input })).await;
    data["commitImport"]["import"].take()
}

/// A definition as the matrix drafts it.
pub(super) fn definition(key: &str, code: &str) -> Value {
    json!({
        "idempotencyKey": key, "code": code, "version": "1.0.0", "title": "Made up",
        "description": "Made up.", "unit": "COUNT", "kind": "STOCK", "direction": "INCREASE",
        "aggregation": "SUM", "subjectLevel": "SITE", "disclosure": "D0", "sources": "Nowhere",
        "effectiveFrom": "2024-07-01",
    })
}

async fn draft(world: &World, number: usize) -> Value {
    let input = definition(&format!("draft-{number}"), &format!("matrix.draft_{number}"));
    let data = world.data(people::NATIONAL, DRAFT, json!({ "input": input })).await;
    data["defineMetric"]["metric"].clone()
}

/// A figure of the site that everybody may read.
async fn record(world: &World, site: &Value) {
    let item = json!({ "metric": "survey.engaged", "month": "2025-01", "value": 1.0,
        "organisation": { "id": site } });
    let input = json!({ "idempotencyKey": site, "items": [item] });
    let data = world.data(people::NATIONAL, FIGURE, json!({ "input": input })).await;
    assert_eq!(data["recordObservations"]["refused"], 0);
}

/// Disputes that the target followed the site that stays; gives the issue's key.
async fn issue(world: &World, place: Place, target: &Target, number: usize) -> Value {
    let site = area(world, place).await["site"]["id"].clone();
    let input = json!({
        "idempotencyKey": format!("dispute-{number}"), "predecessor": site,
        "successor": target.site, "occurredOn": "2025-01-01", "kind": "MERGER",
        "confidence": "DISPUTED",
    });
    world.command(people::NATIONAL, "recordSuccession", input).await;
    let document = "query($site: ID!) { dataQuality(last: 1, filter: {
        organisation: { id: $site }, rules: [DISPUTED_SUCCESSION] }) { nodes { key } } }";
    let data = world.data(people::NATIONAL, document, json!({ "site": site })).await;
    data["dataQuality"]["nodes"][0]["key"].clone()
}
