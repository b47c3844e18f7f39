//! Random commands: typed well enough that many of them do something.

use proptest::{prelude::*, strategy::Strategy};
use serde_json::{Value, json};

use crate::harness::{World, people};

const SUB_ICBS: [&str; 5] = ["15F", "36J", "02T", "99A", "27D"];
const ICBS: [&str; 3] = ["QWO", "QYG", "QOQ"];
const REGIONS: [&str; 2] = ["Y62", "Y63"];
const PCNS: [&str; 3] = ["DEMOP001", "DEMOP002", "DEMOP003"];
const HUBS: [&str; 3] = ["west-yorkshire", "cheshire-and-merseyside", "the-spinney"];
/// Few, so that they are taken again and again.
const CODES: [&str; 3] = ["X1", "X2", "Y90001"];

#[derive(Debug, Clone)]
pub(super) enum Step {
    Register { code: usize, sub_icb: usize, hub: Option<usize>, month: u32 },
    Rename { site: usize, month: u32 },
    Close { site: usize, month: u32 },
    Move { kind: usize, child: usize, parent: usize, month: u32 },
    Correct { child: usize, membership: usize, from: Option<u32>, to: Option<Option<u32>> },
    Cover { hub: usize, icbs: Vec<usize>, month: u32 },
    Lead { region: usize, hub: usize, month: u32 },
    Succeed { old: usize, new: usize, month: u32 },
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    const MANY: std::ops::Range<usize> = 0..60;
    let month = || 0..24u32;
    let icbs = proptest::collection::vec(0..ICBS.len(), 0..3);
    prop_oneof![
        3 => (MANY, MANY, proptest::option::of(MANY), 0..18u32)
            .prop_map(|(code, sub_icb, hub, month)| Step::Register { code, sub_icb, hub, month }),
        1 => (MANY, month()).prop_map(|(site, month)| Step::Rename { site, month }),
        2 => (MANY, month()).prop_map(|(site, month)| Step::Close { site, month }),
        6 => (MANY, MANY, MANY, month())
            .prop_map(|(kind, child, parent, month)| Step::Move { kind, child, parent, month }),
        4 => (MANY, MANY, proptest::option::of(month()),
              proptest::option::of(proptest::option::of(month())))
            .prop_map(|(child, membership, from, to)| Step::Correct { child, membership, from, to }),
        2 => (MANY, icbs, month()).prop_map(|(hub, icbs, month)| Step::Cover { hub, icbs, month }),
        2 => (MANY, MANY, month()).prop_map(|(region, hub, month)| Step::Lead { region, hub, month }),
        1 => (MANY, MANY, month()).prop_map(|(old, new, month)| Step::Succeed { old, new, month }),
    ]
}

/// A day of the two years around now.
fn day(month: u32) -> String {
    let months = 6 + month;
    format!("{}-{:02}-01", 2024 + months / 12, 1 + months % 12)
}

fn among<'a>(all: &[&'a str], number: usize) -> &'a str {
    all[number % all.len()]
}

/// The sites that the steps speak of, and how many steps there were.
pub(super) struct Play {
    sites: Vec<Value>,
    number: usize,
}

impl Play {
    pub(super) async fn begin(world: &World) -> Self {
        let mut sites = Vec::new();
        for code in ["Y90001", "Y90002", "Y90003", "Y90004", "Y90005"] {
            sites.push(json!({ "id": world.site(code).await["id"] }));
        }
        Self { sites, number: 0 }
    }

    pub(super) fn site(&self, number: usize) -> Value {
        self.sites[number % self.sites.len()].clone()
    }

    /// Takes a step; says whether it changed anything.
    pub(super) async fn take(&mut self, world: &World, step: &Step) -> bool {
        self.number += 1;
        let Some((command, input)) = self.command(world, step).await else { return false };
        let before = world.rows().await;
        let payload = world.command(people::NATIONAL, command, input).await;
        let outcome = payload["__typename"].as_str().unwrap();
        let wrote = !["InvalidInput", "VersionConflict", "IdempotencyConflict"].contains(&outcome);
        assert_ne!(outcome, "VersionConflict", "{step:?}");
        assert_eq!(world.rows().await != before, wrote, "{step:?}: {payload:#}");
        if let Some(id) = payload["site"].get("id").filter(|_| command == "registerSite") {
            self.sites.push(json!({ "id": id }));
        }
        wrote
    }

    async fn command(&self, world: &World, step: &Step) -> Option<(&'static str, Value)> {
        Some(match step {
            Step::Register { code, sub_icb, hub, month } => {
                let mut input = json!({
                    "idempotencyKey": format!("step-{}", self.number),
                    "name": format!("Site {}", self.number),
                    "odsCode": among(&CODES, *code), "openedOn": day(*month),
                    "subIcb": { "odsCode": among(&SUB_ICBS, *sub_icb) },
                });
                if let Some(hub) = hub {
                    input["trainingHub"] = json!({ "slug": among(&HUBS, *hub) });
                }
                ("registerSite", input)
            }
            Step::Rename { site, month } => {
                let name = format!("Name {}", self.number % 4);
                let rest = json!({ "name": name, "from": day(*month) });
                ("renameSite", changing(world, self.site(*site), rest).await)
            }
            Step::Close { site, month } => {
                let rest = json!({ "closedOn": day(*month) });
                ("closeSite", changing(world, self.site(*site), rest).await)
            }
            Step::Move { kind, child, parent, month } => {
                let (child, parent) = self.move_of(*kind, *child, *parent);
                let rest = json!({ "parent": parent, "from": day(*month) });
                ("recordMembershipChange", changing(world, child, rest).await)
            }
            Step::Correct { child, membership, from, to } => {
                let child = self.child(*child);
                ("correctMembership", correction(world, child, *membership, *from, *to).await?)
            }
            Step::Cover { hub, icbs, month } => {
                let icbs = icbs.iter().map(|icb| json!({ "odsCode": among(&ICBS, *icb) }));
                let rest = json!({ "icbs": icbs.collect::<Vec<_>>(), "from": day(*month) });
                let hub = json!({ "slug": among(&HUBS, *hub) });
                ("setCoverage", changing(world, hub, rest).await)
            }
            Step::Lead { region, hub, month } => {
                let hub = json!({ "slug": among(&HUBS, *hub) });
                let rest = json!({ "trainingHub": hub, "from": day(*month) });
                let region = json!({ "odsCode": among(&REGIONS, *region) });
                ("appointLeadTrainingHub", changing(world, region, rest).await)
            }
            Step::Succeed { old, new, month } => {
                let input = json!({
                    "idempotencyKey": format!("step-{}", self.number), "kind": "MERGER",
                    "predecessor": self.site(*old)["id"], "successor": self.site(*new)["id"],
                    "occurredOn": day(*month),
                });
                ("recordSuccession", input)
            }
        })
    }

    /// Who moves, and to whom, of kinds that go together.
    fn move_of(&self, kind: usize, child: usize, parent: usize) -> (Value, Value) {
        let code = |all: &[&str], number| json!({ "odsCode": among(all, number) });
        let hub = |number| json!({ "slug": among(&HUBS, number) });
        match kind % 8 {
            0 | 1 => (self.site(child), code(&SUB_ICBS, parent)),
            2 => (self.site(child), code(&PCNS, parent)),
            3 => (self.site(child), hub(parent)),
            4 => (code(&SUB_ICBS, child), code(&ICBS, parent)),
            5 => (code(&ICBS, child), code(&REGIONS, parent)),
            6 => (code(&ICBS, child), hub(parent)),
            _ => (hub(child), code(&REGIONS, parent)),
        }
    }

    fn child(&self, number: usize) -> Value {
        self.move_of(number, number / 8, 0).0
    }
}

/// An input about an organisation as it now is.
async fn changing(world: &World, by: Value, mut rest: Value) -> Value {
    let found = world.organisation(by).await;
    rest["id"] = found["id"].clone();
    rest["expectedVersion"] = found["version"].clone();
    rest
}

async fn correction(
    world: &World,
    child: Value,
    number: usize,
    from: Option<u32>,
    to: Option<Option<u32>>,
) -> Option<Value> {
    let found = world.organisation(child).await;
    let memberships = found["memberships"]["nodes"].as_array()?;
    let membership = memberships.get(number % memberships.len().max(1))?;
    let mut input = json!({ "id": membership["id"], "expectedVersion": found["version"] });
    if let Some(from) = from {
        input["from"] = json!(day(from));
    }
    if let Some(to) = to {
        input["to"] = json!(to.map(day));
    }
    Some(input)
}
