//! The request that the matrix sends for each root field.

use serde_json::{Value, json};

use super::{
    api_clients, enrolments, learning, live, operations, participation, programme, returns,
    sandbox,
    targets::{Target, definition},
    webhooks,
};
use crate::harness::{Who, with};

/// Where that lies which a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Yorkshire: within the reach of everybody who asks.
    Inside,
    /// Cheshire: beyond the reach of all but the national teams.
    Outside,
    /// There is no such thing.
    Unknown,
    /// The field is about nothing in particular.
    Any,
}

impl Place {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::Unknown => "unknown",
            Self::Any => "-",
        }
    }

    pub(super) fn hub(self) -> &'static str {
        if self == Self::Outside { "cheshire-and-merseyside" } else { "west-yorkshire" }
    }

    pub(super) fn region(self) -> &'static str {
        if self == Self::Outside { "Y62" } else { "Y63" }
    }

    /// A site that stays as it is.
    pub(super) fn neighbour(self) -> &'static str {
        if self == Self::Outside { "Y90004" } else { "Y90001" }
    }

    pub(super) fn sub_icb(self) -> &'static str {
        if self == Self::Outside { "99A" } else { "15F" }
    }
}

pub(super) fn places(field: &str) -> &'static [Place] {
    match field {
        "returnSchedules" | "validationRules" | "setValidationRule" => &[Place::Any],
        "endReturnSchedule" => &[Place::Any, Place::Unknown],
        "viewer" | "service" | "regions" | "startImport" | "imports" => &[Place::Any],
        "providers" | "registerProvider" | "duplicateLearners" => &[Place::Any],
        "provider" => &[Place::Any, Place::Unknown],
        "apiClients" | "webhooks" | "rateLimit" | "operations" | "fieldUsers" => &[Place::Any],
        "registerOperations" => &[Place::Any],
        _ if sandbox::is_about(field) => &[Place::Any],
        "registerApiClient" | "registerWebhook" => &[Place::Any, Place::Unknown],
        "metrics" | "defineMetric" | "assessorInbox" | "changes" | "changes live" => &[Place::Any],
        "jobDescriptions" | "competencyFrameworks" | "proofsOfConcept" => &[Place::Any],
        "draftJobDescription" | "draftFrameworkVersion" => &[Place::Any],
        "jobDescription" | "competencyFramework" | "evidence" => &[Place::Any, Place::Unknown],
        "jobDescriptionDifferences" | "competencyFrameworkDifferences" => {
            &[Place::Any, Place::Unknown]
        }
        _ if programme::is_about(field) => &[Place::Any, Place::Unknown],
        "metric" | "publishMetricVersion" => &[Place::Any, Place::Unknown],
        _ => &[Place::Inside, Place::Outside, Place::Unknown],
    }
}

/// An id of that type which no row has.
pub(super) fn unknown(type_name: &'static str) -> Value {
    json!(api::ids::GlobalId { type_name, row: 987_654 }.encode())
}

pub(super) fn request(field: &str, place: Place, target: &Target, who: Who) -> (String, Value) {
    plain(field)
        .map(|selection| (format!("query {{ {field} {selection} }}"), json!({})))
        .or_else(|| live::query(field, place, target))
        .or_else(|| query(field, place, target))
        .or_else(|| figures(field, place, target))
        .or_else(|| programme::query(field, place == Place::Unknown))
        .or_else(|| participation::query(field, place, target))
        .or_else(|| enrolments::query(field, place, target))
        .or_else(|| learning::query(field))
        .or_else(|| api_clients::query(field, place, target))
        .or_else(|| operations::query(field))
        .or_else(|| webhooks::query(field, place, &target.webhooks, who))
        .unwrap_or_else(|| mutation(field, place, target, who))
}

/// What is asked of a field that takes no arguments.
fn plain(field: &str) -> Option<&'static str> {
    Some(match field {
        "viewer" => "{ role organisation { id } scopes }",
        "service" => "{ version demonstration }",
        "regions" => "{ name }",
        "imports" => "{ nodes { id fileName startedBy } }",
        "returnSchedules" => "{ id title }",
        "validationRules" => "{ id metric }",
        "sandbox" => "{ now faults { kind } }",
        _ => return None,
    })
}

fn query(field: &str, place: Place, target: &Target) -> Option<(String, Value)> {
    let gone = place == Place::Unknown;
    let site = if gone { unknown("Site") } else { target.site.clone() };
    let hub = if gone { "no-such-hub" } else { place.hub() };
    let region = if gone { "Y99" } else { place.region() };
    let neighbour = if gone { unknown("Site") } else { target.neighbour.clone() };
    let word = if gone { "nobody is called so" } else { "Target" };
    let (arguments, selection) = match field {
        "changes" => ("(first: 1)".to_owned(), "{ nodes { type nodeId } }".to_owned()),
        "node" => (format!("(id: {site})"), "{ id }".to_owned()),
        "node Import" => {
            let id = if gone { unknown("Import") } else { target.import["id"].clone() };
            (format!("(id: {id})"), "{ id ... on Import { fileName startedBy } }".to_owned())
        }
        "node Return" => {
            let id = if gone { returns::unknown() } else { target.owed.it["id"].clone() };
            (format!("(id: {id})"), "{ id ... on Return { state submittedBy } }".to_owned())
        }
        "nodes" => (format!("(ids: [{site}])"), "{ id }".to_owned()),
        "site" | "organisation" => (format!("(by: {{ id: {site} }})"), everything()),
        "region" => (format!("(by: {{ odsCode: \"{region}\" }})"), everything()),
        "trainingHub" => (format!("(by: {{ slug: \"{hub}\" }})"), everything()),
        "trainingHubs" => (format!("(filter: {{ region: {{ odsCode: \"{region}\" }} }})"), nodes()),
        "sites" => (format!("(filter: {{ trainingHub: {{ slug: \"{hub}\" }} }})"), nodes()),
        "organisations" => (format!("(filter: {{ within: [{{ slug: \"{hub}\" }}] }})"), nodes()),
        "search" => (format!("(text: \"{word}\")"), "{ organisation { id } }".to_owned()),
        "import" => {
            let import = if gone { unknown("Import") } else { target.import["id"].clone() };
            let selection = "{ id fileName startedBy rows { nodes { line raw } } }";
            (format!("(id: {import})"), selection.to_owned())
        }
        "audit" => (
            format!("(filter: {{ organisation: {site} }})"),
            "{ totalCount nodes { subject requestId issuer action organisation { id } } }"
                .to_owned(),
        ),
        "returns" => (
            format!(
                "(filter: {{ organisation: {{ odsCode: \"{0}\" }}, firstMonth: \"{1}\",
                    lastMonth: \"{1}\" }})",
                returns::site(place),
                target.owed.month
            ),
            "{ totalCount nodes { id state submittedBy organisation { id } values { metric } } }"
                .to_owned(),
        ),
        "return" => {
            let id = if gone { returns::unknown() } else { target.owed.it["id"].clone() };
            (format!("(id: {id})"), "{ id state submittedBy organisation { name } }".to_owned())
        }
        "dataQuality" => (
            format!("(filter: {{ organisation: {{ id: {neighbour} }} }})"),
            "{ totalCount nodes { key what organisation { id } acceptance { reason } } }"
                .to_owned(),
        ),
        _ => return None,
    };
    let field = field.split(' ').next()?;
    Some((format!("query {{ {field}{arguments} {selection} }}"), json!({})))
}

/// What is asked of metrics and figures.
fn figures(field: &str, place: Place, target: &Target) -> Option<(String, Value)> {
    let gone = place == Place::Unknown;
    let site = if gone { unknown("Site") } else { target.site.clone() };
    let hub = if gone { "no-such-hub" } else { place.hub() };
    let code = if gone { "nothing.such" } else { "gpa.headcount" };
    let of = format!("of: {{ organisations: [{{ id: {site} }}] }}");
    let (arguments, selection) = match field {
        "metrics" => ("(filter: { codePrefix: \"gpa.\" })".to_owned(), "{ code }"),
        "metric" => (format!("(code: \"{code}\")"), "{ code versions { state } }"),
        "metricSeries" => (
            format!(
                "(input: {{ metrics: [\"survey.engaged\", \"survey.started\"], {of},
                    periods: {{ last: 3 }} }})"
            ),
            "{ points { value { state value } target } targets { value } rebases { reason } }",
        ),
        "observations" => {
            (format!("(filter: {{ organisation: {{ id: {site} }} }})"), "{ nodes { value } }")
        }
        "comparison" => (
            format!(
                "(input: {{ metric: \"adoption.rate\", period: {{ month: \"2025-11\" }},
                    every: {{ kind: SITE, within: {{ slug: \"{hub}\" }} }} }})"
            ),
            "{ hidden peers { rank } funnel { __typename } }",
        ),
        "decomposition" => (
            format!(
                "(input: {{ metric: \"adoption.rate\", {of}, from: \"2025-01\", to: \"2025-11\" }})"
            ),
            "{ change { __typename } }",
        ),
        _ => return None,
    };
    Some((format!("query {{ {field}{arguments} {selection} }}"), json!({})))
}

/// An organisation with all that leads to somebody's doings.
fn everything() -> String {
    "{ id name history { totalCount nodes { type audit { subject requestId } } } }".to_owned()
}

fn nodes() -> String {
    format!("{{ nodes {} }}", everything())
}

fn mutation(field: &str, place: Place, target: &Target, who: Who) -> (String, Value) {
    let gone = place == Place::Unknown;
    let id = |known: &Value, name| if gone { unknown(name) } else { known.clone() };
    let site = id(&target.site, "Site");
    let hub = id(&target.hub["id"], "TrainingHub");
    let region = id(&target.region["id"], "Region");
    let sub_icb = if gone { "99Z" } else { place.sub_icb() };
    let elsewhere = if place == Place::Outside { "27D" } else { "36J" };
    let lead = if place == Place::Outside {
        "cheshire-and-merseyside"
    } else {
        "north-east-and-north-cumbria"
    };
    let key = format!("{}-{}", who.role_name(), target.number);
    let from = "2026-02-01";
    let input = match field {
        "registerSite" => json!({
            "idempotencyKey": key, "name": "New", "openedOn": "2025-01-01",
            "subIcb": { "odsCode": sub_icb },
        }),
        "renameSite" => json!({ "id": site, "expectedVersion": target.version, "name": key }),
        "closeSite" => json!({ "id": site, "expectedVersion": target.version, "closedOn": from }),
        "registerTrainingHub" => json!({
            "idempotencyKey": key, "name": "New", "slug": format!("new-{}", target.number),
            "tier": "LOCALITY", "openedOn": "2025-01-01",
            "region": { "odsCode": if gone { "Y99" } else { place.region() } },
        }),
        "setCoverage" => json!({
            "id": hub, "expectedVersion": target.hub["version"], "icbs": [], "from": from,
        }),
        "appointLeadTrainingHub" => json!({
            "id": region, "expectedVersion": target.region["version"], "from": from,
            "trainingHub": { "slug": lead },
        }),
        "recordMembershipChange" => json!({
            "id": site, "expectedVersion": target.version, "from": from,
            "parent": { "odsCode": elsewhere },
        }),
        "correctMembership" => json!({
            "id": id(&target.membership, "Membership"), "expectedVersion": target.version,
            "from": "2024-08-01",
        }),
        "recordSuccession" => json!({
            "idempotencyKey": key, "predecessor": site, "successor": id(&target.neighbour, "Site"),
            "occurredOn": "2025-01-01", "kind": "MERGER",
        }),
        _ => of_files_and_issues(field, &key, gone, target)
            .or_else(|| of_records(field, place, target, &key))
            .or_else(|| webhooks::input(field, place, &target.webhooks, &key, who))
            .unwrap_or_else(|| of_metrics(field, &site, &key, gone, target)),
    };
    let more = of_batches(field);
    let mut input_type = field.to_owned();
    input_type[..1].make_ascii_uppercase();
    let document = format!(
        "mutation($input: {input_type}Input!) {{ {field}(input: $input) {{ __typename
            ... on InvalidInput {{ problems {{ path code message }} }} {more} }} }}"
    );
    (document, json!({ "input": input }))
}

fn of_records(field: &str, place: Place, target: &Target, key: &str) -> Option<Value> {
    let of_returns = returns::input(field, place, target, key);
    of_returns
        .or_else(|| enrolments::input(field, place, target, key))
        .or_else(|| participation::input(field, place, target, key))
        .or_else(|| learning::input(field, place, target, key))
        .or_else(|| api_clients::input(field, place, target, key))
        .or_else(|| operations::input(field, place, target, key))
        .or_else(|| sandbox::input(field, key))
}

/// What else is asked of a batch: how much of it was refused.
fn of_batches(field: &str) -> &'static str {
    match field {
        "recordObservations" => "... on ObservationsRecorded { refused }",
        "recordAssessments" => "... on AssessmentsRecorded { refused }",
        "recordAwards" => "... on AwardsRecorded { refused }",
        _ => "",
    }
}

fn of_metrics(field: &str, site: &Value, key: &str, gone: bool, target: &Target) -> Value {
    let own = json!({ "id": if gone { site } else { &target.neighbour } });
    let organisation = json!({ "id": site });
    let metric = "survey.engaged";
    let of = |rest: Value| {
        let input =
            json!({ "idempotencyKey": key, "metric": metric, "organisation": organisation });
        with(&input, rest)
    };
    match field {
        "defineMetric" => definition(key, &format!("matrix.new_{}", target.number)),
        "publishMetricVersion" => {
            let draft = if gone { &unknown("MetricDefinition") } else { &target.draft["id"] };
            let version = target.draft["draftVersion"].as_i64().unwrap_or(1);
            json!({ "id": draft, "expectedVersion": version })
        }
        "recordObservations" => json!({
            "idempotencyKey": key,
            // A site's own team asks too, so it is about that site.
            "items": [{ "metric": metric, "organisation": own, "month": "2025-11",
                "value": f64::from(u32::try_from(target.number).unwrap()) }],
        }),
        "setTargets" => of(json!({ "targets": [{ "month": "2026-03", "value": target.number }] })),
        "setBaseline" => of(json!({ "first": "2025-01", "last": "2025-03" })),
        "rebaseSeries" => of(json!({ "month": "2025-04", "reason": "They moved house" })),
        _ => panic!("{field} is a new root field: say here how the matrix asks it"),
    }
}

/// What is sent to import a file, to accept what may be wrong, and about content.
fn of_files_and_issues(field: &str, key: &str, gone: bool, target: &Target) -> Option<Value> {
    let no_issue = json!("DISPUTED_SUCCESSION:987654:987654");
    Some(match field {
        "startImport" => json!({
            "idempotencyKey": key, "format": "OBSERVATIONS",
            "text": "organisation_code,metric,month,value\nY90004,survey.in_post,2025-11,1\n",
        }),
        "commitImport" | "undoImport" | "discardImport" => json!({
            "id": if gone { unknown("Import") } else { target.import["id"].clone() },
            "expectedVersion": target.import["version"].as_i64().unwrap_or(1),
        }),
        "acceptDataQualityIssue" => json!({
            "idempotencyKey": key, "reason": "it was looked at",
            "key": if gone { &no_issue } else { &target.issue },
        }),
        _ => return programme::input(field, gone, target, key),
    })
}
