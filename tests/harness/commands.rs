//! Sending commands, and seeing what they wrote.

use serde_json::{Value, json};

use super::{Who, World, people};

/// What every test asks of an organisation.
const ORGANISATION: &str = "__typename id odsCode slug name version status openedOn closedOn source
    names { name from } codes { scheme code from to }
    memberships { nodes { id level from to parent { name } } }
    placement { from to pcn { odsCode } subIcb { odsCode } icb { odsCode } region { odsCode }
        trainingHub { slug } }";

/// What every test asks of a participation, and of a post.
const PARTICIPATION: &str = "{ id stage stageSince roleModel phase version firstInPostOn
    stageEvents { stage on cause reason takenOver } nextStage { stage on } }";
const POST: &str = "{ id person fte band funding roleModel startedOn endedOn endReason version
    employer { odsCode } places { organisation { odsCode } fte hours from to } }";

/// What each command answers with when it succeeds.
fn success(command: &str) -> String {
    match command {
        "registerSite" => format!("... on SiteRegistered {{ site {{ {ORGANISATION} }} }}"),
        "renameSite" => format!("... on SiteRenamed {{ site {{ {ORGANISATION} }} }}"),
        "closeSite" => format!("... on SiteClosed {{ site {{ {ORGANISATION} }} }}"),
        "registerTrainingHub" => {
            format!("... on TrainingHubRegistered {{ trainingHub {{ {ORGANISATION} tier }} }}")
        }
        "setCoverage" => format!(
            "... on CoverageSet {{ trainingHub {{ {ORGANISATION} coverage {{ odsCode }} }} }}"
        ),
        "appointLeadTrainingHub" => "... on LeadTrainingHubAppointed { region { version
            leadTrainingHub { slug } leadAppointments { trainingHub { slug } from to } } }"
            .to_owned(),
        "recordMembershipChange" => {
            "... on MembershipChangeRecorded { membership { id from to parent { odsCode } } }"
                .to_owned()
        }
        "correctMembership" => {
            "... on MembershipCorrected { membership { id from to parent { odsCode } } }".to_owned()
        }
        "recordSuccession" => "... on SuccessionRecorded { succession { id kind confidence
            occurredOn predecessor { odsCode } successor { odsCode } } }"
            .to_owned(),
        "defineMetric" => {
            "... on MetricDefined { metric { id code version state draftVersion } }".to_owned()
        }
        "publishMetricVersion" => "... on MetricVersionPublished { metric { id state } }
            ... on MetricVersionConflict { current { id draftVersion } }"
            .to_owned(),
        "recordObservations" => "... on ObservationsRecorded { refused outcomes { index result
            observation { id revision state value numerator denominator status }
            findings { severity code column message } } }"
            .to_owned(),
        "setTargets" => "... on TargetsSet { organisation { id } }".to_owned(),
        "setBaseline" => "... on BaselineSet { organisation { id } }".to_owned(),
        "rebaseSeries" => "... on SeriesRebased { organisation { id } }".to_owned(),
        "recordStage" => format!(
            "... on StageRecorded {{ participation {PARTICIPATION} }}
             ... on ParticipationConflict {{ current {{ version }} }}"
        ),
        "chooseRoleModel" => format!(
            "... on RoleModelChosen {{ participation {PARTICIPATION} }}
             ... on ParticipationConflict {{ current {{ version }} }}"
        ),
        "startPost" => format!("... on PostStarted {{ post {POST} }}"),
        "movePost" => format!(
            "... on PostMoved {{ post {POST} }} ... on PostConflict {{ current {{ version }} }}"
        ),
        "endPost" => format!(
            "... on PostEnded {{ post {POST} }} ... on PostConflict {{ current {{ version }} }}"
        ),
        other => panic!("{other} is no command"),
    }
}

impl World {
    /// Sends a command; gives its payload, which must come.
    pub(crate) async fn command(&self, who: Who, name: &str, input: Value) -> Value {
        let (document, variables) = command(name, &input);
        let mut data = self.data(who, &document, variables).await;
        data[name].take()
    }

    /// As [`World::command`], for what may be refused; gives null then.
    pub(crate) async fn try_command(&self, who: Who, name: &str, input: Value) -> Value {
        let (document, variables) = command(name, &input);
        let mut answer = self.ask(who, &document, variables).await;
        answer["data"][name].take()
    }

    /// Sends a command that must be refused; gives the code.
    pub(crate) async fn refused(&self, who: Who, name: &str, input: Value) -> String {
        let (document, variables) = command(name, &input);
        let answer = self.ask(who, &document, variables).await;
        assert!(answer["data"][name].is_null(), "{answer:#}");
        answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    /// Sends a command whose input is wrong; gives each problem as `path CODE`.
    pub(crate) async fn problems(&self, who: Who, name: &str, input: Value) -> Vec<String> {
        let before = self.rows().await;
        let payload = self.command(who, name, input.clone()).await;
        assert_eq!(payload["__typename"], "InvalidInput", "{input:#}\n{payload:#}");
        assert_eq!(self.rows().await, before, "an invalid {name} wrote");
        let problems = payload["problems"].as_array().unwrap().iter().map(|problem| {
            assert!(problem["message"].as_str().unwrap().len() > 8, "{problem}");
            let word = |field: &str| problem[field].as_str().unwrap().to_owned();
            format!("{} {}", word("path"), word("code"))
        });
        problems.collect()
    }

    /// A site of the world, by its code.
    pub(crate) async fn site(&self, code: &str) -> Value {
        self.organisation(json!({ "odsCode": code })).await
    }

    pub(crate) async fn organisation(&self, by: Value) -> Value {
        let document =
            format!("query($by: OrganisationBy!) {{ organisation(by: $by) {{ {ORGANISATION} }} }}");
        let mut data = self.data(people::PUBLIC, &document, json!({ "by": by })).await;
        data["organisation"].take()
    }

    /// How far the change feed has come.
    pub(crate) async fn position(&self) -> i64 {
        self.number("SELECT MAX(position) FROM change").await
    }

    /// What the feed says since a position, one line for each change, each with the
    /// audit row that stands behind it.
    pub(crate) async fn said_since(&self, position: i64) -> Vec<String> {
        const LINE: &str = "audit.subject || ' ' || audit.action || ': ' || change_type || ' ' ||
            COALESCE(before, '-') || ' > ' || COALESCE(after, '-') || ' from ' ||
            COALESCE(CAST(effective_on AS TEXT), '-')";
        let count = self.position().await - position;
        let mut lines = Vec::new();
        for number in 1..=count {
            let position = position + number;
            let statement = format!(
                "SELECT {LINE} FROM change JOIN audit ON audit.id = audit_id WHERE position = {position}"
            );
            lines.push(self.text(&statement).await);
        }
        lines
    }
}

/// A command's document, with every outcome that it can have, and its variables.
pub(crate) fn command(name: &str, input: &Value) -> (String, Value) {
    let mut kind = name.to_owned();
    kind[..1].make_ascii_uppercase();
    // These answer with a conflict of their own.
    let own = ["publishMetricVersion", "recordStage", "chooseRoleModel", "movePost", "endPost"];
    let conflict = if own.contains(&name) {
        ""
    } else if input.get("idempotencyKey").is_some() {
        "... on IdempotencyConflict { message }"
    } else {
        "... on VersionConflict { current { id version name } }"
    };
    let document = format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ __typename {} {conflict}
            ... on InvalidInput {{ problems {{ path code message }} }} }} }}",
        success(name)
    );
    (document, json!({ "input": input }))
}

/// An input with some of its fields replaced.
pub(crate) fn with(input: &Value, changes: Value) -> Value {
    let mut input = input.clone();
    for (field, value) in changes.as_object().unwrap() {
        input[field] = value.clone();
    }
    input
}
