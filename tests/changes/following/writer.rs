//! One of many who write at the same time, each something else.

use std::collections::BTreeMap;

use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::{
    enrolments::{read, try_to},
    harness::{Who, World, people},
};

/// What is there to be written about.
pub(super) struct Writer<'a> {
    world: &'a World,
    number: usize,
    sites: Vec<(String, Option<String>)>,
    enrolments: Vec<Value>,
    cohorts: Vec<(String, Value)>,
    posts: Vec<Value>,
    boards: Vec<String>,
    /// How many commands did something.
    pub wrote: usize,
    sent: usize,
}

/// Every hub, and who works there.
fn hub(slug: &str) -> Who {
    Who { organisation: format!("hub:{slug}").leak(), ..people::YORKSHIRE }
}

async fn nodes(world: &World, list: &str, selection: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = Value::Null;
    loop {
        let document = format!(
            "query($after: String) {{ {list}(first: 100, after: $after) {{ nodes {{ {selection} }}
                pageInfo {{ endCursor hasNextPage }} }} }}"
        );
        let data = world.data(people::NATIONAL, &document, json!({ "after": after })).await;
        found.extend(data[list]["nodes"].as_array().unwrap().iter().cloned());
        if data[list]["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = data[list]["pageInfo"]["endCursor"].clone();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl<'a> Writer<'a> {
    pub(super) async fn begin(number: usize, world: &'a World) -> Self {
        let sites = nodes(world, "sites", "odsCode placement { trainingHub { slug } }").await;
        let sites = sites.iter().map(|it| {
            let hub = it["placement"]["trainingHub"]["slug"].as_str().map(str::to_owned);
            (text(&it["odsCode"]), hub)
        });
        let cohorts = nodes(world, "cohorts", "id trainingHub { slug }").await;
        let cohorts = cohorts.iter().map(|it| (text(&it["trainingHub"]["slug"]), it["id"].clone()));
        let icbs = "{ organisations(filter: { kinds: [ICB] }, first: 100) { nodes { odsCode } } }";
        let icbs = world.data(people::PUBLIC, icbs, json!({})).await;
        let boards = icbs["organisations"]["nodes"].as_array().unwrap();
        let boards = boards.iter().map(|it| text(&it["odsCode"])).collect();
        let theirs = "id cohort { trainingHub { slug } } site { odsCode }";
        let mut writer = Self {
            world,
            number,
            sites: sites.collect(),
            enrolments: nodes(world, "enrolments", theirs).await,
            cohorts: cohorts.collect(),
            posts: nodes(world, "posts", "id places { organisation { odsCode } }").await,
            boards,
            wrote: 0,
            sent: 0,
        };
        assert!(writer.enrolments.len() > 10 && writer.posts.len() > 5);
        writer.enrolments.truncate(200);
        writer
    }

    fn key(&self) -> String {
        format!("writer-{}-{}", self.number, self.sent)
    }

    /// Tries something; now and then it comes to nothing, because another was faster or the
    /// rules do not let it.
    pub(super) async fn write(&mut self, random: &mut StdRng) {
        self.sent += 1;
        let done = match random.random_range(0..20) {
            0..4 => self.rename(random).await,
            4 => self.cover(random).await,
            5 => self.move_site(random).await,
            6..10 => self.advance(random).await,
            10..12 => self.transfer(random).await,
            12..14 => self.mentor(random).await,
            14 => self.commission(random).await,
            15 => self.choose(random).await,
            16..18 => self.start_post(random).await,
            18 => self.move_post(random).await,
            _ => self.enrol(random).await,
        };
        self.wrote += usize::from(done);
    }

    async fn command(&self, who: Who, name: &str, input: Value) -> bool {
        done(&self.world.try_command(who, name, input).await)
    }

    async fn rename(&self, random: &mut StdRng) -> bool {
        let code = &self.sites.choose(random).unwrap().0;
        let site = self.world.site(code).await;
        let name = format!("Surgery {} (synthetic)", random.random_range(0..1_000));
        let input = json!({ "id": site["id"], "expectedVersion": site["version"], "name": name });
        self.command(people::NATIONAL, "renameSite", input).await
    }

    /// Another hub covers an ICB: whatever lies in it moves.
    async fn cover(&self, random: &mut StdRng) -> bool {
        let (Some(board), Some(slug)) = (self.boards.choose(random), self.hub(random)) else {
            return false;
        };
        let hub = self.world.organisation(json!({ "slug": slug })).await;
        let input = json!({ "id": hub["id"], "expectedVersion": hub["version"],
            "icbs": [{ "odsCode": board }], "from": "2026-01-15" });
        self.command(people::NATIONAL, "setCoverage", input).await
    }

    fn hub(&self, random: &mut StdRng) -> Option<&str> {
        self.sites.choose(random)?.1.as_deref()
    }

    async fn move_site(&self, random: &mut StdRng) -> bool {
        let (site, other) = (self.sites.choose(random).unwrap(), self.hub(random));
        let site = self.world.site(&site.0).await;
        let input = json!({ "id": site["id"], "expectedVersion": site["version"],
            "parent": { "slug": other }, "from": "2026-01-15" });
        self.command(people::NATIONAL, "recordMembershipChange", input).await
    }

    async fn chosen(&self, random: &mut StdRng) -> (Who, Value) {
        let it = self.enrolments.choose(random).unwrap();
        let hub = hub(it["cohort"]["trainingHub"]["slug"].as_str().unwrap());
        (hub, crate::enrolments::enrolment(self.world, hub, &it["id"]).await)
    }

    async fn advance(&self, random: &mut StdRng) -> bool {
        let (hub, it) = self.chosen(random).await;
        let steps = it["next"].as_array().unwrap();
        let Some(step) = steps.choose(random) else { return false };
        let mut input = read(&it, json!({ "to": step["state"], "on": "2026-01-15" }));
        let command = match step["state"].as_str().unwrap() {
            "REFERRED" | "VERIFIED" | "COMPLETED" => "verifyEnrolment",
            "REJECTED" | "CANCELLED" | "WITHDRAWN" => {
                input["reason"] = json!("OTHER");
                "withdrawEnrolment"
            }
            _ => "advanceEnrolment",
        };
        done(&try_to(self.world, hub, command, input).await)
    }

    async fn transfer(&self, random: &mut StdRng) -> bool {
        let (hub, it) = self.chosen(random).await;
        let there = &self.sites.choose(random).unwrap().0;
        let input = read(&it, json!({ "site": { "odsCode": there }, "on": "2026-01-15" }));
        done(&try_to(self.world, hub, "transferEnrolment", input).await)
    }

    async fn mentor(&self, random: &mut StdRng) -> bool {
        let (hub, it) = self.chosen(random).await;
        let input = json!({ "idempotencyKey": self.key(), "enrolment": it["id"],
            "kind": "GP_MENTOR", "person": { "subject": "asha" }, "from": "2026-01-10" });
        done(&try_to(self.world, hub, "assignMentor", input).await)
    }

    async fn commission(&self, random: &mut StdRng) -> bool {
        let (slug, id) = self.cohorts.choose(random).unwrap();
        let document = "query($id: ID!) { cohort(id: $id) { id version } }";
        let found = self.world.data(hub(slug), document, json!({ "id": id })).await;
        let more = json!({ "places": random.random_range(10..60) });
        done(&try_to(self.world, hub(slug), "changeCohort", read(&found["cohort"], more)).await)
    }

    async fn choose(&self, random: &mut StdRng) -> bool {
        let code = &self.sites.choose(random).unwrap().0;
        let document = "query($by: SiteBy!) { site(by: $by) {
            placement { trainingHub { slug } } participation { version } } }";
        let by = json!({ "odsCode": code });
        let site = self.world.data(people::NATIONAL, document, json!({ "by": by })).await;
        let Some(slug) = site["site"]["placement"]["trainingHub"]["slug"].as_str() else {
            return false;
        };
        let model = ["ADMINISTRATIVE", "COMBINED", "CLINICAL"][random.random_range(0..3)];
        let input = json!({ "site": by, "roleModel": model,
            "expectedVersion": site["site"]["participation"]["version"] });
        self.command(hub(slug), "chooseRoleModel", input).await
    }

    async fn start_post(&self, random: &mut StdRng) -> bool {
        let code = &self.sites.choose(random).unwrap().0;
        let input = json!({ "idempotencyKey": self.key(), "funding": "PRACTICE", "band": 4,
            "startedOn": "2025-11-01",
            "places": [{ "at": { "odsCode": code }, "hours": 18.75 }] });
        let who = Who { organisation: format!("ods:{code}").leak(), ..people::PRACTICE };
        self.command(who, "startPost", input).await
    }

    async fn move_post(&self, random: &mut StdRng) -> bool {
        let post = self.posts.choose(random).unwrap();
        let from = post["places"][0]["organisation"]["odsCode"].as_str().unwrap();
        let who = Who { organisation: format!("ods:{from}").leak(), ..people::PRACTICE };
        let document = "query($id: ID!) { post(id: $id) { id version } }";
        let found = self.world.data(people::NATIONAL, document, json!({ "id": post["id"] })).await;
        let ended = json!({ "endedOn": "2026-01-15", "reason": "RETIRED" });
        self.command(who, "endPost", read(&found["post"], ended)).await
    }

    async fn enrol(&self, random: &mut StdRng) -> bool {
        let (slug, cohort) = self.cohorts.choose(random).unwrap();
        let sites: Vec<_> =
            self.sites.iter().filter(|(_, hub)| hub.as_ref() == Some(slug)).collect();
        let Some((code, _)) = sites.choose(random) else { return false };
        let input = json!({ "idempotencyKey": self.key(), "cohort": cohort,
            "site": { "odsCode": code }, "route": "ACCREDITED", "appliedOn": "2026-01-12",
            "learner": { "person": { "details": { "name": "Secret" },
                "identifiers": [{ "system": "portfolio", "value": self.key() }] } } });
        done(&try_to(self.world, hub(slug), "enrolLearner", input).await)
    }
}

/// Whether a command did what it was to do.
fn done(payload: &Value) -> bool {
    let outcome = payload["__typename"].as_str().unwrap_or("refused");
    !outcome.ends_with("Conflict")
        && !["InvalidInput", "AlreadyEnrolled", "refused"].contains(&outcome)
}

/// The hub with most enrolments.
pub(super) async fn busiest_hub(world: &World) -> &'static str {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for it in nodes(world, "enrolments", "cohort { trainingHub { slug } }").await {
        *counts.entry(text(&it["cohort"]["trainingHub"]["slug"])).or_default() += 1;
    }
    let busiest = counts.into_iter().max_by_key(|(_, count)| *count).unwrap().0;
    format!("hub:{busiest}").leak()
}

pub(super) async fn region_of(world: &World, hub: &str) -> &'static str {
    let by = json!({ "slug": hub.trim_start_matches("hub:") });
    let hub = world.organisation(by).await;
    format!("ods:{}", hub["placement"]["region"]["odsCode"].as_str().unwrap()).leak()
}

/// A site where somebody of the hub's is in training.
pub(super) async fn site_of(world: &World, hub: &str) -> &'static str {
    let slug = hub.trim_start_matches("hub:");
    let all = nodes(world, "enrolments", "cohort { trainingHub { slug } } site { odsCode }").await;
    let theirs = all.iter().find(|it| it["cohort"]["trainingHub"]["slug"] == *slug).unwrap();
    format!("ods:{}", theirs["site"]["odsCode"].as_str().unwrap()).leak()
}
