//! One who keeps a copy, as an integrator would.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::harness::{Who, World};

/// What is copied of each type.
const COPIED: [(&str, &str); 6] = [
    (
        "Site",
        "name status version odsCode listSize { patients }
            placement { region { id } icb { id } pcn { id } trainingHub { id } }",
    ),
    ("Participation", "stage stageSince roleModel phase version"),
    ("Cohort", "name places placesTaken closedOn open version provider { id }"),
    ("Learner", "reference version identifiers { system value }"),
    (
        "Enrolment",
        "state version dueOn site { id } cohort { id } learner { id } events { on state }
            mentors { id from to } extensions { id decision } employment { status asOf }
            progress { achieved applicable }",
    ),
    ("Post", "person fte startedOn endedOn version places { from to organisation { id } }"),
];

/// The selection of one type, which bears its name.
fn copied(kind: &str) -> String {
    let (_, selection) = COPIED.iter().find(|(known, _)| *known == kind).unwrap();
    format!("__typename id {selection}")
}

/// The selection of whatever a change is about.
fn any() -> String {
    let each = COPIED.iter().map(|(kind, selection)| format!("... on {kind} {{ {selection} }}"));
    format!("__typename id {}", each.collect::<Vec<_>>().join(" "))
}

/// What outlives a restart: the copy, and the cursor that it belongs to, kept together.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Kept {
    cursor: String,
    copy: BTreeMap<String, Value>,
    /// The cursor of every change that was applied.
    applied: BTreeSet<String>,
}

pub(super) struct Consumer {
    pub who: Who,
    now: Kept,
    /// As it would be on a disk.
    kept: String,
    pages: usize,
}

impl Consumer {
    /// Takes a cursor, then reads everything, while others write.
    pub(super) async fn begin(who: Who, instances: &[&World]) -> Self {
        let mut now =
            Kept { cursor: super::super::now(instances[0], who).await, ..Kept::default() };
        now.copy = everything(instances[1], who, &now.cursor).await;
        let kept = serde_json::to_string(&now).unwrap();
        Self { who, now, kept, pages: 0 }
    }

    pub(super) fn applied(&self) -> usize {
        self.now.applied.len()
    }

    /// Forgets what it did not keep.
    pub(super) fn stop_and_start(&mut self) {
        self.now = serde_json::from_str(&self.kept).unwrap();
    }

    /// Applies one page; says whether there is more.
    pub(super) async fn follow(&mut self, world: &World, first: usize) -> bool {
        let document = format!(
            "query($after: String, $first: Int!) {{ changes(after: $after, first: $first) {{
                edges {{ cursor node {{ type nodeId node {{ {} }} }} }}
                pageInfo {{ endCursor hasNextPage }} }} }}",
            any()
        );
        let variables = json!({ "after": self.now.cursor, "first": first });
        let data = world.data(self.who, &document, variables).await;
        for edge in data["changes"]["edges"].as_array().unwrap() {
            let cursor = edge["cursor"].as_str().unwrap().to_owned();
            assert!(self.now.applied.insert(cursor), "applied twice: {edge}");
            let Some(id) = edge["node"]["nodeId"].as_str() else { continue };
            match &edge["node"]["node"] {
                Value::Null => self.now.copy.remove(id),
                node => self.now.copy.insert(id.to_owned(), node.clone()),
            };
        }
        let page = &data["changes"]["pageInfo"];
        page["endCursor"].as_str().unwrap().clone_into(&mut self.now.cursor);
        self.pages += 1;
        if self.pages.is_multiple_of(3) {
            self.kept = serde_json::to_string(&self.now).unwrap();
        }
        page["hasNextPage"] == true
    }

    pub(super) async fn catch_up(&mut self, world: &World) {
        while self.follow(world, 100).await {}
    }

    pub(super) async fn holds_what_a_full_read_shows(&self, world: &World) {
        let shown = everything(world, self.who, &self.now.cursor).await;
        let copied = self
            .now
            .copy
            .iter()
            .filter(|(_, it)| COPIED.iter().any(|(kind, _)| it["__typename"] == *kind));
        let copied: BTreeMap<String, Value> =
            copied.map(|(id, it)| (id.clone(), it.clone())).collect();
        for (id, it) in &shown {
            assert_eq!(copied.get(id), Some(it), "{}: missed", self.who.organisation);
        }
        for (id, it) in &copied {
            assert!(shown.contains_key(id), "{}: kept {it}", self.who.organisation);
        }
        assert!(shown.len() > 20, "{}", shown.len());
    }
}

/// Everything that somebody can see of what is copied, as at a cursor or later.
async fn everything(world: &World, who: Who, not_before: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let lists = [
        ("sites", "Site", Some(("participation", "Participation"))),
        ("cohorts", "Cohort", None),
        ("enrolments", "Enrolment", Some(("itsLearner: learner", "Learner"))),
        ("posts", "Post", None),
    ];
    for (list, kind, nested) in lists {
        let inner = nested.map(|(field, kind)| format!("{field} {{ {} }}", copied(kind)));
        let nested = nested.map_or("", |(field, _)| field.split(':').next().unwrap());
        let document = format!(
            "query($after: String) {{ {list}(first: 50, after: $after) {{
                nodes {{ {} {} }} pageInfo {{ endCursor hasNextPage }} }} }}",
            copied(kind),
            inner.unwrap_or_default()
        );
        let mut after = Value::Null;
        loop {
            let extensions = json!({ "notBefore": not_before });
            let answer =
                world.ask_with(who, &document, json!({ "after": after }), extensions).await;
            let page = &answer["data"][list];
            assert!(page.is_object() || page.is_null() && answer["errors"].is_null(), "{answer:#}");
            for node in page["nodes"].as_array().into_iter().flatten() {
                let mut node = node.clone();
                let inner = node.as_object_mut().unwrap().remove(nested);
                for it in [Some(node), inner].into_iter().flatten().filter(Value::is_object) {
                    found.insert(it["id"].as_str().unwrap().to_owned(), it);
                }
            }
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
    found
}
