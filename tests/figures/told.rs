//! Lists that are told at once, and the usual way, field by field, which a list goes as
//! soon as one of its keys is asked for twice.

use serde_json::json;

use super::{SITES, item, record};
use crate::harness::{World, on_both, people};

const PERIOD: &str = "period { type label month from to }";
const VALUE: &str = "value { state value numerator denominator coverage { reported expected }
    status rounded text }";

/// The same selection in another spelling gives the same answer.
async fn alike(world: &World, wrap: impl Fn(&str) -> String, fields: &str) {
    let at_once = format!("__typename {fields}");
    let usual = format!("__typename {fields} __typename");
    let (told, resolved) = (wrap(&at_once), wrap(&usual));
    let told = world.data(people::NATIONAL, &told, json!({})).await;
    let resolved = world.data(people::NATIONAL, &resolved, json!({})).await;
    // In their order, too.
    assert_eq!(told.to_string(), resolved.to_string(), "{fields}");
    assert!(told.to_string().contains("__typename"), "{told:#}");
}

fn series(fields: &str) -> String {
    format!(
        "{{ metricSeries(input: {{ metrics: [\"survey.in_post\", \"survey.rate\"],
            of: {{ every: {{ kind: REGION }} }}, periods: {{ last: 30 }} }})
            {{ points {{ {fields} }} }} }}"
    )
}

fn latest(fields: &str) -> String {
    format!(
        "{{ sites(first: 10) {{ nodes {{ latest(metrics:
            [\"survey.in_post\", \"survey.started\", \"survey.rate\"])
            {{ {fields} }} }} }} }}"
    )
}

fn observations(fields: &str) -> String {
    format!(
        "{{ observations(first: 50) {{ nodes {{ {fields} }} edges {{ node {{ {fields} }} }} }} }}"
    )
}

async fn recorded(world: &World) {
    for metric in ["survey.in_post", "survey.started"] {
        let items = SITES.iter().map(|site| item(metric, site, "2025-11", 1.0));
        record(world, metric, items.collect()).await;
    }
}

#[test]
fn points_are_the_same_in_every_spelling() {
    on_both(async |world| {
        recorded(world).await;
        for fields in [
            format!("{PERIOD} {VALUE}"),
            format!("{VALUE} {PERIOD}"),
            "period { label } value { value }".to_owned(),
            "when: period { a: label b: label } value { number: value in: text }".to_owned(),
            "period @skip(if: true) { label } value { value @include(if: true) }".to_owned(),
            "... { value { text } } ... on MetricPoint { period { ... on Period { to } } }"
                .to_owned(),
            "period { __typename label } value { __typename coverage { __typename } }".to_owned(),
            "period { label } period { month }".to_owned(),
        ] {
            alike(world, series, &fields).await;
        }
    });
}

#[test]
fn named_fragments_are_told_too() {
    on_both(async |world| {
        recorded(world).await;
        let with = |spread: &str| {
            let series = series(&format!("{spread} period {{ ...P }}"));
            format!(
                "query {series} fragment V on MetricPoint {{ value {{ ...N }} }}
                 fragment N on MetricValue {{ value text }} fragment P on Period {{ label }}"
            )
        };
        let told = world.data(people::NATIONAL, &with("...V"), json!({})).await;
        let usual = world.data(people::NATIONAL, &with("...V ...V"), json!({})).await;
        assert_eq!(told.to_string(), usual.to_string());
        assert!(told.to_string().contains("\"text\":\"2\""), "{told:#}");
    });
}

#[test]
fn latest_figures_are_the_same_in_every_spelling() {
    on_both(async |world| {
        recorded(world).await;
        for fields in [
            format!(
                "metric {{ id code version title unit kind direction decimals }} {PERIOD} {VALUE}"
            ),
            "metric { code description versions { version } } period { label }".to_owned(),
            "metric { code } period { label } value { value }".to_owned(),
        ] {
            alike(world, latest, &fields).await;
        }
    });
}

#[test]
fn observations_are_the_same_in_every_spelling() {
    on_both(async |world| {
        recorded(world).await;
        for fields in [
            "id metric { code title } month revision state value numerator denominator status
             source recordedAt note organisation { name odsCode slug }",
            "organisation { id kind odsCode }",
            "organisation { __typename name ... on Site { postcode } }",
            "organisation { ... on Organisation { name } } month",
            "organisation { name(asAt: \"2020-01-01\") }",
        ] {
            alike(world, observations, fields).await;
        }
    });
}
