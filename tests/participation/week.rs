//! A hub team's week on a fresh demonstration: from a site that nobody has spoken to yet
//! to somebody in post there, with the stage and the region's figures following each step
//! within the answer to the command that caused it.

use serde_json::{Value, json};

use super::{
    site,
    tallies::{kept, look},
};
use crate::{
    enrolments::{HUBS_OTHER, application, done, read},
    harness::{Who, World, on_both_new, people, with},
    learning,
};

/// The demonstration's own provider.
const EXAMPLES: Who = Who { organisation: "provider:university-of-examples", ..people::PROVIDER };

/// Where a site is, and what its region comes to.
const THERE: &str = "participation { stage stageSince stageEvents { stage cause } version }
    placement { region { stageCounts { stage sites }
        adoptionFunnel { steps { stage everReached nowAt } }
        metricSeries(metrics: [\"adoption.rate\", \"sites.training\"],
            periods: { from: \"2026-01\", to: \"2026-01\" }) {
            points { value { value numerator denominator } } } } }";

/// The site's stage, and of its region: sites in training and in post by the funnel, the
/// numerator and the denominator of the adoption rate, and sites in training by the metric.
#[derive(Debug, PartialEq)]
struct There {
    stage: String,
    training: i64,
    in_post: i64,
    adopted: i64,
    eligible: i64,
    trained: i64,
}

fn there(site: &Value) -> There {
    let region = &site["placement"]["region"];
    let steps = region["adoptionFunnel"]["steps"].as_array().unwrap();
    let at = |stage: &str, part: &str| {
        let step = steps.iter().find(|step| step["stage"] == stage).unwrap();
        step[part].as_i64().unwrap()
    };
    for counted in region["stageCounts"].as_array().unwrap() {
        if let Some(step) = steps.iter().find(|step| step["stage"] == counted["stage"]) {
            assert_eq!(step["nowAt"], counted["sites"], "{counted}");
        }
    }
    let value = |series: usize| &region["metricSeries"][series]["points"][0]["value"];
    let whole = |number: &Value| number.as_f64().unwrap() as i64;
    There {
        stage: site["participation"]["stage"].as_str().unwrap_or("NOT_ENGAGED").to_owned(),
        training: at("TRAINING", "nowAt"),
        in_post: at("IN_POST", "everReached"),
        adopted: whole(&value(0)["numerator"]),
        eligible: whole(&value(0)["denominator"]),
        trained: whole(&value(1)["value"]),
    }
}

/// The largest practice of West Yorkshire's that nobody has spoken to.
async fn largest(world: &World) -> (&'static str, There) {
    let document = format!(
        "{{ trainingHub(by: {{ slug: \"west-yorkshire\" }}) {{
            sites(filter: {{ eligible: true, stages: [NOT_ENGAGED] }}, first: 1,
                orderBy: {{ field: LIST_SIZE, direction: DESCENDING }}) {{
                nodes {{ odsCode {THERE} }} }} }} }}"
    );
    let data = world.data(people::YORKSHIRE, &document, json!({})).await;
    let found = &data["trainingHub"]["sites"]["nodes"][0];
    (found["odsCode"].as_str().unwrap().to_owned().leak(), there(found))
}

/// Sends a command of an enrolment, and gives it with where its site then is.
async fn step(world: &World, who: Who, it: &Value, state: &str, on: &str) -> (Value, There) {
    let (command, payload) = match state {
        "VERIFIED" | "COMPLETED" => ("verifyEnrolment", "EnrolmentVerified"),
        _ => ("advanceEnrolment", "EnrolmentAdvanced"),
    };
    let input = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
    let document = format!(
        "mutation($input: {input}!) {{ {command}(input: $input) {{ __typename
            ... on {payload} {{ enrolment {{ id version state dueOn site {{ {THERE} }} }} }}
            ... on InvalidInput {{ problems {{ path message }} }} }} }}"
    );
    let input = json!({ "input": read(it, json!({ "to": state, "on": on })) });
    let mut data = world.data(who, &document, input).await;
    let it = data[command]["enrolment"].take();
    assert_eq!(it["state"], state, "{data:#}");
    let seen = there(&it["site"]);
    (it, seen)
}

async fn engage(world: &World, code: &str) {
    let interested = json!({ "site": site(code), "expectedVersion": 0, "stage": "INTERESTED",
        "on": "2025-02-03" });
    let done = world.command(people::YORKSHIRE, "recordStage", interested).await;
    assert_eq!(done["participation"]["stage"], "INTERESTED", "{done:#}");
    let preparing = super::preparing(code, 1);
    let preparing = with(&preparing, json!({ "on": "2025-03-03" }));
    let done = world.command(people::YORKSHIRE, "recordStage", preparing).await;
    assert_eq!(done["participation"]["stage"], "PREPARING", "{done:#}");
}

/// A learner of the site with a mentor, who is accepted for the hub's new cohort.
async fn enrol(world: &World, code: &str, assessor: Who) -> Value {
    let cohort = json!({
        "idempotencyKey": "cohort", "trainingHub": { "slug": "west-yorkshire" },
        "provider": { "slug": "university-of-examples" }, "name": "The week's", "kind": "ROLLING",
        "places": 3, "startsOn": "2025-04-01",
    });
    let cohort = done(world, people::YORKSHIRE, "openCohort", cohort).await;
    assert_eq!(cohort["placesLeft"], 3);
    let input = with(&application("amy", &cohort), json!({ "site": site(code) }));
    let it = done(world, people::YORKSHIRE, "enrolLearner", input).await;
    let (it, _) = step(world, people::YORKSHIRE, &it, "OFFERED", "2025-02-10").await;
    let (it, _) = step(world, people::YORKSHIRE, &it, "ACCEPTED", "2025-02-20").await;
    let mentor = json!({ "idempotencyKey": "mentor", "enrolment": it["id"], "kind": "GP_MENTOR",
        "person": { "subject": assessor.subject }, "from": "2025-03-20" });
    done(world, people::YORKSHIRE, "assignMentor", mentor).await
}

/// Every core competency, from the first evidence to the assessor's word.
async fn assess(world: &World, assessor: Who, it: &Value) {
    let asked = "{ competencyFramework { domains { competencies { code core } } } }";
    let data = world.data(assessor, asked, json!({})).await;
    let domains = data["competencyFramework"]["domains"].as_array().unwrap().iter();
    let all = domains.flat_map(|domain| domain["competencies"].as_array().unwrap());
    let core: Vec<&str> =
        all.filter(|it| it["core"] == true).map(|it| it["code"].as_str().unwrap()).collect();
    assert!(core.len() > 5, "{core:?}");
    for (state, on) in [
        ("IN_PROGRESS", "2025-05-01"),
        ("EVIDENCE_SUBMITTED", "2025-10-01"),
        ("COMPETENT", "2025-11-03"),
    ] {
        let items: Vec<_> = core.iter().map(|code| learning::item(it, code, state, on)).collect();
        let payload = learning::record(world, assessor, state, &items).await;
        assert_eq!(payload["refused"], 0, "{payload:#}");
    }
}

async fn extend(world: &World, it: &Value) -> Value {
    let more = json!({ "idempotencyKey": "more", "enrolment": it["id"], "months": 2,
        "reason": "WORKLOAD" });
    let it = done(world, people::YORKSHIRE, "requestExtension", more).await;
    let granted = read(&it["extensions"][0], json!({ "decision": "GRANTED" }));
    let it = done(world, HUBS_OTHER, "decideExtension", granted).await;
    assert_eq!(it["dueOn"], "2026-03-01");
    it
}

/// Somebody takes up a full-time post; gives where the site then is.
async fn take_up(world: &World, code: &str) -> Value {
    let document = format!(
        "mutation($input: StartPostInput!) {{ startPost(input: $input) {{ __typename
            ... on PostStarted {{ post {{ employer {{ ... on Site {{ {THERE} }} }} }} }} }} }}"
    );
    let input = json!({ "input": super::post(code, "post", "2026-01-14") });
    let mut data = world.data(people::YORKSHIRE, &document, input).await;
    assert_eq!(data["startPost"]["__typename"], "PostStarted", "{data:#}");
    data["startPost"]["post"]["employer"].take()
}

#[test]
fn a_hubs_week_brings_a_site_from_silence_to_a_post() {
    on_both_new(async |world| {
        assert!(world.app.demonstrate().await.unwrap());
        look(world).await;
        let (code, before) = largest(world).await;
        assert_eq!(before.stage, "NOT_ENGAGED");
        engage(world, code).await;
        let organisation = format!("ods:{code}").leak();
        let assessor = Who { organisation, ..people::ASSESSOR };
        let it = enrol(world, code, assessor).await;
        let (it, training) = step(world, people::YORKSHIRE, &it, "STARTED", "2025-04-01").await;
        assert_eq!(
            training,
            There {
                stage: "TRAINING".to_owned(),
                training: before.training + 1,
                trained: before.trained + 1,
                ..before
            }
        );
        assess(world, assessor, &it).await;
        let it = extend(world, &it).await;
        let (it, _) = step(world, people::YORKSHIRE, &it, "SUBMITTED", "2026-01-05").await;
        let (it, _) = step(world, EXAMPLES, &it, "VERIFIED", "2026-01-08").await;
        let (it, completed) = step(world, EXAMPLES, &it, "COMPLETED", "2026-01-12").await;
        assert_eq!(completed.in_post, training.in_post, "to complete is not to be in post");
        let award = json!({ "idempotencyKey": "award", "enrolment": it["id"], "credits": 20,
            "title": "General Practice Assistant", "awardedOn": "2026-01-13" });
        let awarded = learning::done(world, EXAMPLES, "recordAward", award).await;
        assert_eq!(awarded["award"]["level"], 4);
        let posted = take_up(world, code).await;
        let seen = there(&posted);
        assert_eq!((&*seen.stage, seen.training), ("IN_POST", training.training - 1));
        assert_eq!(seen.in_post, training.in_post + 1);
        assert_eq!((seen.adopted, seen.eligible), (training.adopted + 1, training.eligible));
        let events = posted["participation"]["stageEvents"].as_array().unwrap().iter();
        let causes: Vec<_> = events.map(|it| (&it["stage"], &it["cause"])).collect();
        let expected = json!([
            ["INTERESTED", "RECORDED"],
            ["PREPARING", "RECORDED"],
            ["TRAINING", "ENROLMENT"],
            ["IN_POST", "POST"],
        ]);
        assert_eq!(json!(causes), expected);
        assert!(kept(world).await > 300, "the tallies were not carried through the week");
    });
}
