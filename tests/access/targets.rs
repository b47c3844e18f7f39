//! What the requests of the matrix are about: made anew whenever one has changed it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::requests::Place;
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
    /// The key of an issue of that site's, where a field is about issues.
    pub issue: Value,
    /// Any number that was not used before.
    pub number: usize,
}

#[derive(Default)]
pub(super) struct Targets {
    known: HashMap<(String, Place), Target>,
    made: usize,
}

const SITE: &str = "mutation($input: RegisterSiteInput!) { registerSite(input: $input) {
    ... on SiteRegistered { site { id version memberships { nodes { id level } } } } } }";

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
        issue: Value::Null,
        number,
    }
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
