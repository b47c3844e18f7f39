//! A hub's month as its team and the region's would go it, with the form as a file: what
//! each step does to the national figure, and what was known of it in between.

use serde_json::{Value, json};

use super::{
    december, of_hubs, read, refused, send, submitted,
    template::{fetch, path},
};
use crate::{
    harness::{Who, World, on_both, people, with},
    imports::figures::{done, rows, started, sums_are_right},
};

const FIGURE: &str = "query($input: MetricSeriesInput!) { metricSeries(input: $input) {
    points { value { state value numerator denominator status } } } }";
const MINE: &str = "query($schedule: ID!) { returns(filter: { schedule: $schedule,
    organisation: { slug: \"west-yorkshire\" }, firstMonth: \"2025-12\" }) {
    nodes { id state version values { metric answer value numerator denominator } } } }";

const SHARE_ABOVE: &str = "impact.letters_to_gp_share:numerator";
const SHARE_BELOW: &str = "impact.letters_to_gp_share:denominator";
const HOURS: &str = "impact.gp_hours_released";

/// What the hub fills in, by the square brackets of its form.
const RIGHT: [(&str, &str); 4] =
    [("survey.places", "12"), (HOURS, "40.5"), (SHARE_ABOVE, "30"), (SHARE_BELOW, "120")];

fn at(world: &World, moment: &str) {
    world.app.store.clock().set(moment.parse().unwrap());
}

/// December's figure of a metric, as the public reads it.
async fn figure(world: &World, metric: &str, of: Value, more: Value) -> Value {
    let input = with(
        &json!({ "metrics": [metric], "of": of, "periods": { "from": "2025-12", "to": "2025-12" } }),
        more,
    );
    let mut data = world.data(people::PUBLIC, FIGURE, json!({ "input": input })).await;
    data["metricSeries"][0]["points"][0]["value"].take()
}

/// Places filled in England: everything, what is settled, and the status of it all.
async fn england(world: &World) -> String {
    let of = || json!({ "england": true });
    let all = figure(world, "survey.places", of(), json!({})).await;
    let settled = json!({ "minStatus": "APPROVED" });
    let settled = figure(world, "survey.places", of(), settled).await;
    format!("{} {} {}; {}", all["state"], all["value"], all["status"], settled["value"])
        .replace('"', "")
}

/// How many of England's returns are in, of those owed.
async fn complete(world: &World) -> (i64, i64) {
    let of = json!({ "england": true });
    let share = figure(world, "returns.completeness", of, json!({})).await;
    let part = |name: &str| share[name].as_f64().unwrap_or(-1.0) as i64;
    (part("numerator"), part("denominator"))
}

async fn form(world: &World, schedule: &Value) -> String {
    let (status, _, bytes) = fetch(world, people::YORKSHIRE, &path(schedule, "csv", "")).await;
    assert_eq!(status, 200);
    String::from_utf8(bytes).unwrap()
}

/// The form with answers where the headings' square brackets say they belong.
fn filled(form: &str, answers: &[(&str, &str)]) -> String {
    assert!(!form.contains('"'), "no cell of it holds a comma");
    let mut lines: Vec<Vec<&str>> = form.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 2, "the hub itself alone owes it: {form}");
    for (name, answer) in answers {
        let heading = format!("[{name}]");
        let column = lines[0].iter().position(|text| text.ends_with(&heading)).unwrap();
        lines[1][column] = answer;
    }
    lines.iter().map(|line| line.join(",") + "\r\n").collect()
}

async fn mine(world: &World, schedule: &Value) -> Value {
    let mut data = world.data(people::YORKSHIRE, MINE, json!({ "schedule": schedule })).await;
    data["returns"]["nodes"][0].take()
}

async fn previewed(world: &World, key: &str, text: &str) -> Value {
    let mut payload = started(world, people::YORKSHIRE, key, "RETURN_TEMPLATE", text).await;
    assert_eq!(payload["import"]["state"], "PREVIEWED", "{payload:#}");
    payload["import"].take()
}

/// Does a step of the return that must leave it in a state; gives the return.
async fn step(world: &World, who: Who, command: &str, input: Value, state: &str) -> Value {
    let mut done = send(world, who, command, input).await;
    assert_eq!(done["return"]["state"], state, "{command}: {done:#}");
    done["return"].take()
}

#[test]
fn a_hubs_month_goes_by_file_from_the_form_to_a_restatement() {
    on_both(async |world| {
        let schedule = of_hubs(world, 20).await;
        let (_, owed) = complete(world).await;
        assert!(owed > 2, "{owed}");
        others_return(world, &schedule).await;
        assert_eq!(england(world).await, "VALUE 5.0 APPROVED; 5.0");
        assert_eq!(complete(world).await, (1, owed));

        at(world, "2026-01-16T09:00:00Z");
        let form = form(world, &schedule).await;
        three_mistakes(world, &form).await;
        let it = corrected(world, &schedule, &form).await;
        assert_eq!(england(world).await, "VALUE 5.0 APPROVED; 5.0", "a draft is no figure");

        at(world, "2026-01-17T09:00:00Z");
        let it = step(world, people::YORKSHIRE, "submitReturn", read(&it), "SUBMITTED").await;
        assert_eq!(england(world).await, "VALUE 17.0 PROVISIONAL; 5.0");
        assert_eq!(complete(world).await, (2, owed));

        at(world, "2026-01-18T09:00:00Z");
        let back = with(&read(&it), json!({ "reason": "Two places are missing." }));
        let it = step(world, people::NORTH_EAST, "sendReturnBack", back, "RETURNED").await;
        assert_eq!(it["reason"], "Two places are missing.");
        assert_eq!(england(world).await, "VALUE 17.0 PROVISIONAL; 5.0");
        assert_eq!(complete(world).await, (1, owed));
        let it = mended(world, &schedule).await;
        let it = step(world, people::YORKSHIRE, "submitReturn", read(&it), "SUBMITTED").await;
        assert_eq!(england(world).await, "VALUE 19.0 PROVISIONAL; 5.0");
        assert_eq!(complete(world).await, (2, owed));

        at(world, "2026-01-19T09:00:00Z");
        let it = settled(world, &it).await;
        at(world, "2026-01-20T09:00:00Z");
        restated(world, &it).await;
        known_in_between(world).await;
        assert_eq!(complete(world).await, (2, owed));
        sums_are_right(world).await;
    });
}

/// Cheshire's hub is done before, and the other region approves it.
async fn others_return(world: &World, schedule: &Value) {
    let slug = json!({ "organisation": { "slug": "cheshire-and-merseyside" } });
    let mut draft = with(&december(schedule), slug);
    draft["values"][0]["value"] = json!(5);
    assert_eq!(england(world).await, "NOT_SUBMITTED null null; null");
    let it = submitted(world, people::CHESHIRE, draft).await;
    step(world, people::NORTH_WEST, "approveReturn", read(&it), "APPROVED").await;
}

/// All the mistakes of a file come at once, each with its place and what to do.
async fn three_mistakes(world: &World, form: &str) {
    let mut wrong = RIGHT;
    wrong[0].1 = "twelve";
    wrong[2].1 = "130";
    let mut text = filled(form, &wrong);
    text.push_str("hub:west-yorkshyre,West Yorkshyre,2025-12,12,,,,\r\n");
    let before = world.number("SELECT COUNT(*) FROM return_value").await;
    let import = previewed(world, "wrong", &text).await;
    assert_eq!(
        rows(&import),
        [
            "2 REFUSED MALFORMED",
            "2 CREATE",
            "2 REFUSED NUMERATOR_WITHIN_DENOMINATOR",
            "3 REFUSED NOT_FOUND",
        ]
    );
    let found = |row: usize| {
        let finding = &import["rows"]["nodes"][row]["findings"][0];
        assert_eq!(finding["blocks"], true, "{finding}");
        format!("{}: {}", finding["column"], finding["message"]).replace('"', "")
    };
    for (row, column, message) in [
        (0, "[survey.places]", "twelve"),
        (2, "[impact.letters_to_gp_share:numerator]", "check both parts"),
        (3, "Organisation code", "there is no such organisation within your reach"),
    ] {
        let found = found(row);
        assert!(found.starts_with(&format!("{column}: ")), "{found}");
        assert!(found.contains(message), "{found}");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM return_value").await, before);
    let gone = done(world, people::YORKSHIRE, "discard", &import).await;
    assert_eq!(gone["state"], "DISCARDED");
}

/// The corrected file fills in the return's draft, and records no figure.
async fn corrected(world: &World, schedule: &Value, form: &str) -> Value {
    let figures = world.number("SELECT COUNT(*) FROM observation").await;
    let import = previewed(world, "right", &filled(form, &RIGHT)).await;
    assert_eq!(rows(&import), ["2 CREATE", "2 CREATE", "2 CREATE"]);
    assert_eq!(mine(world, schedule).await["state"], "NOT_STARTED");
    let committed = done(world, people::YORKSHIRE, "commit", &import).await;
    assert_eq!(committed["state"], "COMMITTED");
    assert_eq!(world.number("SELECT COUNT(*) FROM observation").await, figures);
    let it = mine(world, schedule).await;
    assert_eq!((&it["state"], &it["version"]), (&json!("DRAFT"), &json!(1)));
    assert_eq!(
        it["values"],
        json!([
            { "metric": "survey.places", "answer": "VALUE", "value": 12.0,
              "numerator": null, "denominator": null },
            { "metric": HOURS, "answer": "VALUE", "value": 40.5,
              "numerator": null, "denominator": null },
            { "metric": "impact.letters_to_gp_share", "answer": "VALUE", "value": null,
              "numerator": 30.0, "denominator": 120.0 },
        ])
    );
    it
}

/// What was sent back is fetched again with what it says, mended, and read again. It says
/// everything anew, over what was put into the draft meanwhile.
async fn mended(world: &World, schedule: &Value) -> Value {
    let form = form(world, schedule).await;
    assert!(form.trim_end().ends_with(",2025-12,12,40.5,30,120,"), "{form}");
    let it = mine(world, schedule).await;
    let mut other = with(&december(schedule), json!({ "expectedVersion": it["version"] }));
    other["values"][1]["value"] = json!(41);
    step(world, people::YORKSHIRE, "saveReturnDraft", other, "DRAFT").await;
    let import = previewed(world, "mended", &filled(&form, &[("survey.places", "14")])).await;
    assert_eq!(rows(&import), ["2 CHANGE", "2 SAME", "2 SAME"]);
    done(world, people::YORKSHIRE, "commit", &import).await;
    let it = mine(world, schedule).await;
    assert_eq!(it["state"], "DRAFT", "{it:#}");
    assert_eq!(it["values"][0]["value"], 14.0);
    assert_eq!(it["values"][1]["value"], 40.5, "as the file says");
    it
}

/// Approved by the region, and by nobody of the hub; then locked.
async fn settled(world: &World, it: &Value) -> Value {
    let own = refused(world, people::YORKSHIRE, "approveReturn", read(it)).await;
    assert_eq!(own, "FORBIDDEN");
    let it = step(world, people::NORTH_EAST, "approveReturn", read(it), "APPROVED").await;
    assert_eq!(england(world).await, "VALUE 19.0 APPROVED; 19.0");
    let it = step(world, people::NORTH_EAST, "lockReturn", read(&it), "LOCKED").await;
    assert_eq!(england(world).await, "VALUE 19.0 APPROVED; 19.0");
    it
}

async fn restated(world: &World, it: &Value) {
    let restated = with(
        &read(it),
        json!({
            "values": [{ "metric": "survey.places", "value": 13 }],
            "note": "One learner was counted twice.",
        }),
    );
    let it = step(world, people::NORTH_EAST, "restateReturn", restated, "LOCKED").await;
    assert_eq!(it["note"], "One learner was counted twice.");
    assert_eq!(england(world).await, "VALUE 18.0 APPROVED; 18.0", "Cheshire's is not restated");
    let hub = || json!({ "organisations": [{ "slug": "west-yorkshire" }] });
    let own = figure(world, "survey.places", hub(), json!({})).await;
    assert_eq!((&own["value"], &own["status"]), (&json!(13.0), &json!("RESTATED")));
    let share = figure(world, "impact.letters_to_gp_share", hub(), json!({})).await;
    assert_eq!((&share["value"], &share["status"]), (&json!(25.0), &json!("APPROVED")));
}

/// The national figure at moments between the steps, as it was known then.
async fn known_in_between(world: &World) {
    for (moment, known) in [
        ("2026-01-15T08:59:59Z", "NOT_SUBMITTED null null"),
        ("2026-01-15T12:00:00Z", "VALUE 5.0 APPROVED"),
        ("2026-01-16T12:00:00Z", "VALUE 5.0 APPROVED"),
        ("2026-01-17T12:00:00Z", "VALUE 17.0 PROVISIONAL"),
        ("2026-01-18T08:59:59Z", "VALUE 17.0 PROVISIONAL"),
        ("2026-01-18T12:00:00Z", "VALUE 19.0 PROVISIONAL"),
        ("2026-01-19T12:00:00Z", "VALUE 19.0 APPROVED"),
        ("2026-01-20T12:00:00Z", "VALUE 18.0 APPROVED"),
    ] {
        let at = json!({ "knownAt": moment });
        let then = figure(world, "survey.places", json!({ "england": true }), at).await;
        let told = format!("{} {} {}", then["state"], then["value"], then["status"]);
        assert_eq!(told.replace('"', ""), known, "{moment}");
    }
}
