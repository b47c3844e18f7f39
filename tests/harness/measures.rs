//! Metrics that are reported of sites and hubs, one for each shape that a test needs.
//!
//! What the programme counts in its own records is never recorded as a figure, so that a
//! test of recording, returning and importing has these instead: `survey.…`, as somebody
//! would report the same things who asked around. They are drafted, published and given
//! their rules by the national team, as any metric is.

use serde_json::{Value, json};

use super::{Who, people, with};

const DEFINE: &str = "mutation($input: DefineMetricInput!) { defineMetric(input: $input) {
    __typename ... on MetricDefined { metric { id draftVersion } } } }";
const PUBLISH: &str = "mutation($input: PublishMetricVersionInput!) {
    publishMetricVersion(input: $input) { __typename } }";
const RULE: &str = "mutation($input: SetValidationRuleInput!) {
    setValidationRule(input: $input) { __typename } }";

/// How a metric that counts differs from a stock of sites that everybody may see.
#[derive(Clone, Copy)]
enum Shape {
    Stock,
    Flow,
    /// A flow that had better be small.
    Losses,
    /// Of training hubs, with no more than 500 to a month.
    HubsFlow,
    /// Of learners, with no more than 50 to a month.
    PeoplesFlow,
    /// As [`Shape::PeoplesFlow`], and better small.
    PeoplesLosses,
}

const COUNTS: [(&str, &str, Shape); 13] = [
    ("engaged", "Engaged sites", Shape::Stock),
    ("training", "Sites in training", Shape::Stock),
    ("in_post", "Sites in post", Shape::Stock),
    ("sustained", "Sustained sites", Shape::Stock),
    ("covered", "Patients covered", Shape::Stock),
    ("adopters", "New adopters", Shape::Flow),
    ("lapsed", "Lapsed sites", Shape::Losses),
    ("offered", "Places offered", Shape::HubsFlow),
    ("places", "Places filled", Shape::HubsFlow),
    ("applied", "Applications", Shape::PeoplesFlow),
    ("started", "Starts", Shape::PeoplesFlow),
    ("completed", "Completions", Shape::PeoplesFlow),
    ("withdrawn", "Withdrawals", Shape::PeoplesLosses),
];

impl Shape {
    fn fields(self) -> Value {
        match self {
            Self::Stock => json!({}),
            Self::Flow => json!({ "kind": "FLOW" }),
            Self::Losses => json!({ "kind": "FLOW", "direction": "DECREASE" }),
            Self::HubsFlow => json!({ "kind": "FLOW", "subjectLevel": "TRAINING_HUB" }),
            Self::PeoplesFlow => json!({ "kind": "FLOW", "disclosure": "D2" }),
            Self::PeoplesLosses => {
                json!({ "kind": "FLOW", "disclosure": "D2", "direction": "DECREASE" })
            }
        }
    }

    /// Above what number of one month somebody has to explain.
    fn most(self) -> Option<i64> {
        match self {
            Self::Stock | Self::Flow | Self::Losses => None,
            Self::HubsFlow => Some(500),
            Self::PeoplesFlow | Self::PeoplesLosses => Some(50),
        }
    }
}

/// Publishes all of them, each with the rules that its figures are judged by.
pub(super) async fn publish(send: impl AsyncFn(Who, &str, Value) -> Value) {
    for (word, title, shape) in COUNTS {
        let code = define(&send, word, title, shape.fields()).await;
        judge(&send, &code, &["REQUIRED", "INTEGER"]).await;
        if let Some(most) = shape.most() {
            let range = json!({ "kind": "RANGE", "severity": "WARNING", "maximum": most });
            send(people::NATIONAL, RULE, with(&rule(&code), range)).await;
        }
    }
    let share = json!({
        "unit": "PERCENT", "kind": "RATIO", "aggregation": "RATIO_OF_SUMS", "decimals": 1,
        "maximum": 100,
    });
    let reported = json!({
        "numerator": "Withdrew", "denominator": "In training", "disclosure": "D2",
        "direction": "DECREASE",
    });
    let reported = with(&share, reported);
    let code = define(&send, "withdrawal_rate", "Withdrawal rate", reported).await;
    judge(&send, &code, &["REQUIRED", "INTEGER", "NUMERATOR_WITHIN_DENOMINATOR"]).await;
    let derived = json!({
        "numerator": "Sites in post", "denominator": "Eligible sites",
        "derivation": "ratio survey.in_post / sites.eligible",
    });
    define(&send, "rate", "Adoption rate", with(&share, derived)).await;
}

/// Drafts and publishes one; gives its code.
async fn define(
    send: &impl AsyncFn(Who, &str, Value) -> Value,
    word: &str,
    title: &str,
    fields: Value,
) -> String {
    let code = format!("survey.{word}");
    let stock = json!({
        "idempotencyKey": format!("define-{code}"), "code": code, "version": "1.0.0", "title": title,
        "description": format!("{title}, as they were reported."), "unit": "COUNT",
        "kind": "STOCK", "direction": "INCREASE", "aggregation": "SUM", "subjectLevel": "SITE",
        "disclosure": "D0", "decimals": 0, "minimum": 0, "sources": "Whoever was asked",
        "effectiveFrom": "2019-04-01",
    });
    let draft = send(people::NATIONAL, DEFINE, with(&stock, fields)).await;
    let draft = &draft["metric"];
    let read = json!({ "id": draft["id"], "expectedVersion": draft["draftVersion"] });
    let done = send(people::NATIONAL, PUBLISH, read).await;
    assert_eq!(done["__typename"], "MetricVersionPublished", "{code}");
    code
}

/// Sets the rules of those kinds, which keep a figure out.
async fn judge(send: &impl AsyncFn(Who, &str, Value) -> Value, code: &str, kinds: &[&str]) {
    for kind in kinds {
        let kind = json!({ "kind": kind, "severity": "ERROR" });
        let done = send(people::NATIONAL, RULE, with(&rule(code), kind)).await;
        assert_eq!(done["__typename"], "ValidationRuleSet", "{code}");
    }
}

fn rule(code: &str) -> Value {
    json!({ "metric": code, "message": "count again, or explain", "expectedVersion": 0 })
}
