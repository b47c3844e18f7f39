//! Random commands about enrolments: chosen well enough that many of them do something.

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    enrolments::{
        HUBS_OTHER, application, apply, cohort_input, command_to, done, enrolment as seen,
        framework, mentor, read, send, to,
    },
    harness::{Who, World, people, with},
    participation::tallies::look,
};

const STATES: [&str; 11] = [
    "OFFERED",
    "ACCEPTED",
    "STARTED",
    "PAUSED",
    "SUBMITTED",
    "REFERRED",
    "VERIFIED",
    "COMPLETED",
    "REJECTED",
    "CANCELLED",
    "WITHDRAWN",
];

#[derive(Debug, Clone)]
pub(super) enum Act {
    Apply {
        who: usize,
        cohort: usize,
        site: usize,
    },
    /// What is possible next, mostly onwards, or now and then anything at all.
    Move {
        which: usize,
        onwards: Option<bool>,
        number: usize,
        day: u32,
    },
    Mentor {
        which: usize,
        day: u32,
    },
    EndMentor {
        which: usize,
        day: u32,
    },
    Ask {
        which: usize,
        months: i32,
    },
    Decide {
        which: usize,
        granted: bool,
    },
    Transfer {
        which: usize,
        site: usize,
        day: u32,
    },
    Report {
        which: usize,
        status: usize,
    },
    Assess {
        which: usize,
        part: usize,
        good: bool,
    },
    Merge {
        keep: usize,
        merge: usize,
    },
    /// A post of one of three persons, or of somebody new.
    Post {
        person: usize,
        trained: usize,
        site: usize,
        day: u32,
    },
    EndPost {
        which: usize,
        day: u32,
    },
    /// Somebody asks for every figure that is counted in the records.
    Look,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    let which = || 0..3_usize;
    let day = || 0..40_u32;
    let onwards = proptest::option::weighted(0.93, proptest::bool::weighted(0.95));
    prop_oneof![
        4 => (0..4_usize, 0..2_usize, 0..2_usize)
            .prop_map(|(who, cohort, site)| Act::Apply { who, cohort, site }),
        16 => (which(), onwards, 0..STATES.len(), 0..3_u32)
            .prop_map(|(which, onwards, number, day)| Act::Move { which, onwards, number, day }),
        5 => (which(), 0..4_u32).prop_map(|(which, day)| Act::Mentor { which, day }),
        1 => (which(), day()).prop_map(|(which, day)| Act::EndMentor { which, day }),
        2 => (which(), 1..4).prop_map(|(which, months)| Act::Ask { which, months }),
        2 => (which(), any::<bool>()).prop_map(|(which, granted)| Act::Decide { which, granted }),
        1 => (which(), 0..3_usize, 0..3_u32)
            .prop_map(|(which, site, day)| Act::Transfer { which, site, day }),
        1 => (which(), 0..3_usize).prop_map(|(which, status)| Act::Report { which, status }),
        4 => (which(), 1..3_usize, proptest::bool::weighted(0.95))
            .prop_map(|(which, part, good)| Act::Assess { which, part, good }),
        1 => (which(), which()).prop_map(|(keep, merge)| Act::Merge { keep, merge }),
        2 => (0..4_usize, which(), 0..2_usize, day()).prop_map(|(person, trained, site, day)| {
            Act::Post { person, trained, site, day }
        }),
        1 => (which(), day()).prop_map(|(which, day)| Act::EndPost { which, day }),
        1 => Just(Act::Look),
    ]
}

/// A day of a span in which everything happens: March 2025, and those after what was last.
fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 3, 1).unwrap() + chrono::Days::new(u64::from(number))
}

fn site(number: usize) -> Value {
    let code = ["Y90001", "Y90002", "Y90004"][number];
    json!({ "odsCode": code })
}

pub(super) struct Play {
    cohorts: [Value; 2],
    pub enrolments: Vec<Value>,
    posts: Vec<Value>,
    number: usize,
}

impl Play {
    pub(super) async fn begin(world: &World) -> Self {
        let fixed = cohort_input("fixed");
        let rolling = json!({ "idempotencyKey": "rolling", "kind": "ROLLING", "places": 1 });
        let rolling = with(&fixed, rolling);
        let fixed = done(world, people::YORKSHIRE, "openCohort", fixed).await;
        let rolling = done(world, people::YORKSHIRE, "openCohort", rolling).await;
        let mut enrolments = Vec::new();
        for name in ["amy", "ben"] {
            let it = apply(world, name, &fixed).await;
            enrolments.push(mentor(world, &it, "2025-03-01").await["id"].clone());
        }
        look(world).await;
        Self { cohorts: [fixed, rolling], enrolments, posts: Vec::new(), number: 0 }
    }

    /// Takes a step; says whether it changed anything.
    pub(super) async fn take(&mut self, world: &World, act: &Act) -> bool {
        self.number += 1;
        let Some((who, command, input)) = self.command(world, act).await else { return false };
        let (rows, position) = (world.rows().await, world.position().await);
        let audits = world.number("SELECT COUNT(*) FROM audit").await;
        let payload = match act {
            Act::Post { .. } | Act::EndPost { .. } => world.command(who, command, input).await,
            _ => send(world, who, command, input).await,
        };
        let outcome = payload["__typename"].as_str().unwrap();
        assert!(!outcome.ends_with("Conflict"), "{act:?}: {payload:#}");
        let wrote = !["InvalidInput", "AlreadyEnrolled"].contains(&outcome);
        assert_eq!(world.rows().await != rows, wrote, "{act:?}: {payload:#}");
        // Invariant 12.
        let audited = world.number("SELECT COUNT(*) FROM audit").await - audits;
        assert_eq!(audited, i64::from(wrote), "{act:?}");
        assert_eq!(world.position().await > position, wrote, "{act:?}");
        if outcome == "LearnerEnrolled" {
            self.enrolments.push(payload["enrolment"]["id"].clone());
        }
        if !payload["post"].is_null() {
            self.posts.retain(|post| post["id"] != payload["post"]["id"]);
            self.posts.push(payload["post"].clone());
        }
        wrote
    }

    async fn it(&self, world: &World, which: usize) -> Option<Value> {
        let id = self.enrolments.get(which % self.enrolments.len().max(1))?;
        let it = seen(world, people::YORKSHIRE, id).await;
        (!it.is_null()).then_some(it)
    }

    async fn command(&self, world: &World, act: &Act) -> Option<(Who, &'static str, Value)> {
        let key = format!("act-{}", self.number);
        let which = match act {
            Act::Apply { who, cohort, site: at } => {
                let name = ["amy", "ben", "cay", "dee"][*who];
                let new = json!({ "idempotencyKey": key, "site": site(*at) });
                let input = with(&application(name, &self.cohorts[*cohort]), new);
                return Some((people::YORKSHIRE, "enrolLearner", input));
            }
            Act::Merge { keep, merge } => {
                let (keep, merge) = (self.it(world, *keep).await?, self.it(world, *merge).await?);
                let input = json!({ "keep": keep["learner"]["id"], "merge": merge["learner"]["id"],
                    "expectedVersion": keep["learner"]["version"] });
                return Some((people::YORKSHIRE, "mergeLearners", input));
            }
            Act::Look => {
                look(world).await;
                return None;
            }
            Act::Post { .. } => return self.post(world, act, &key).await,
            Act::EndPost { which, day: on } => {
                return self.end_post(world, *which, *on).await;
            }
            Act::Move { which, .. }
            | Act::Mentor { which, .. }
            | Act::EndMentor { which, .. }
            | Act::Ask { which, .. }
            | Act::Decide { which, .. }
            | Act::Transfer { which, .. }
            | Act::Report { which, .. }
            | Act::Assess { which, .. } => *which,
        };
        let it = self.it(world, which).await?;
        match act {
            Act::Assess { part, good, .. } => {
                let state = if *good { "COMPETENT" } else { "REFERRED_BACK" };
                if it["state"] != "COMPLETED" {
                    framework::assess(world, &it, *part, state).await;
                }
                None
            }
            Act::Move { onwards, number, day, .. } => Some(moved(&it, *onwards, *number, *day)),
            _ => about(act, &it, &key),
        }
    }
}

impl Play {
    async fn post(
        &self,
        world: &World,
        act: &Act,
        key: &str,
    ) -> Option<(Who, &'static str, Value)> {
        let Act::Post { person, trained, site: at, day: on } = act else { return None };
        let mut input = json!({ "idempotencyKey": key, "funding": "ARRS", "startedOn": day(*on),
            "places": [{ "at": site(*at), "hours": 18.75 }] });
        if let Some(post) = self.posts.get(*person) {
            input["person"] = post["person"].clone();
        } else if let Some(it) = self.it(world, *trained).await {
            input["learner"] = it["learner"]["id"].clone();
        }
        Some((people::YORKSHIRE, "startPost", input))
    }

    /// As the post now is: merging learners moves their posts, too.
    async fn end_post(
        &self,
        world: &World,
        which: usize,
        on: u32,
    ) -> Option<(Who, &'static str, Value)> {
        let id = json!({ "id": self.posts.get(which)?["id"] });
        let document = "query($id: ID!) { post(id: $id) { id version } }";
        let post = world.data(people::NATIONAL, document, id).await["post"].take();
        let input = json!({ "id": post["id"], "expectedVersion": post["version"],
            "endedOn": day(on), "reason": "FUNDING_ENDED" });
        Some((people::YORKSHIRE, "endPost", input))
    }
}

/// The day of what happened last, and so many days more.
fn after(it: &Value, days: u32) -> NaiveDate {
    let events = it["events"].as_array().unwrap();
    let last: NaiveDate = events.last().unwrap()["on"].as_str().unwrap().parse().unwrap();
    last + chrono::Days::new(u64::from(days))
}

fn moved(
    it: &Value,
    onwards: Option<bool>,
    number: usize,
    days: u32,
) -> (Who, &'static str, Value) {
    let steps = it["next"].as_array().unwrap().iter();
    let leaves = |step: &&Value| step["requires"] == json!(["REASON"]);
    let chosen: Vec<&Value> = match onwards {
        Some(onwards) => steps.filter(|step| leaves(step) != onwards).collect(),
        None => Vec::new(),
    };
    let step = chosen.get(number % chosen.len().max(1));
    let state = step.map_or(STATES[number], |step| step["state"].as_str().unwrap());
    let (command, who) = command_to(state);
    (who, command, to(it, state, &after(it, days).max(day(0)).to_string()))
}

/// What is said of something that belongs to an enrolment, or of where it is.
fn about(act: &Act, it: &Value, key: &str) -> Option<(Who, &'static str, Value)> {
    let keyed = |more| with(&json!({ "idempotencyKey": key, "enrolment": it["id"] }), more);
    let last = |field: &str| it[field].as_array().unwrap().last().cloned();
    let hub = people::YORKSHIRE;
    Some(match act {
        Act::Mentor { day: from, .. } => {
            let person = json!({ "kind": "GP_MENTOR", "person": { "subject": "asha" },
                "from": day(*from) });
            (hub, "assignMentor", keyed(person))
        }
        Act::EndMentor { day: until, .. } => {
            let ended = json!({ "id": last("mentors")?["id"], "to": day(*until) });
            (hub, "endMentorAssignment", read(it, ended))
        }
        Act::Ask { months, .. } => {
            (hub, "requestExtension", keyed(json!({ "months": months, "reason": "WORKLOAD" })))
        }
        Act::Decide { granted, .. } => {
            let decision = if *granted { "GRANTED" } else { "REFUSED" };
            let decided = json!({ "decision": decision });
            (HUBS_OTHER, "decideExtension", read(&last("extensions")?, decided))
        }
        Act::Transfer { site: at, day, .. } => {
            let there = json!({ "site": site(*at), "on": after(it, *day) });
            (hub, "transferEnrolment", read(it, there))
        }
        Act::Report { status, .. } => {
            let status = ["EMPLOYED", "ON_LEAVE", "LEFT"][*status];
            (hub, "reportEmployment", keyed(json!({ "status": status })))
        }
        _ => return None,
    })
}
