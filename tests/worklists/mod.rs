//! Worklists: what waits for a hub, a site, a provider and an assessor, and for nobody
//! else.

use serde_json::{Value, json};

use crate::{
    harness::{Who, World, on_both, people},
    learning::{applied, cohort, done, item, record, started, step},
};

const ITEMS: &str = "counts { kind count } items(first: 100) { totalCount nodes { kind since due
    sentence extensionId enrolment { id } competency { code } return { month } } }";

/// The worklist of an organisation, or the inbox.
async fn worklist(world: &World, who: Who, of: &str) -> Value {
    let (field, document) = match of {
        "inbox" => ("assessorInbox", format!("{{ assessorInbox {{ {ITEMS} }} }}")),
        _ => {
            let (field, code) = of.split_once(' ').unwrap();
            let by = if field == "site" { "odsCode" } else { "slug" };
            let inner = format!("worklist {{ {ITEMS} }}");
            (field, format!("{{ {field}(by: {{ {by}: \"{code}\" }}) {{ {inner} }} }}"))
        }
    };
    let mut data = world.data(who, &document, json!({})).await;
    if of == "inbox" { data[field].take() } else { data[field]["worklist"].take() }
}

/// What waits: each kind with whose it is, by the keys of the enrolments.
fn lines(list: &Value, known: &[(&str, &Value)]) -> Vec<String> {
    let name = |item: &Value| {
        let of = known.iter().find(|(_, it)| it["id"] == item["enrolment"]["id"]);
        of.map_or_else(|| item["return"]["month"].to_string(), |(name, _)| (*name).to_owned())
    };
    let line = |item: &Value| {
        let word = |field: &str| item[field].as_str().unwrap_or("-").to_owned();
        format!("{} {} since {} due {}", word("kind"), name(item), word("since"), word("due"))
    };
    let nodes = list["items"]["nodes"].as_array().unwrap_or_else(|| panic!("{list:#}"));
    assert_eq!(list["items"]["totalCount"], nodes.len());
    nodes.iter().map(line).collect()
}

/// Amy should have submitted, Ben waits to be verified, Cal is away and has asked for more
/// time, Dee has evidence to be assessed and Eve only applied.
async fn learners(world: &World) -> [(&'static str, Value); 4] {
    let cohort = cohort(world).await;
    let amy = started(world, "amy", &cohort, "2025-04-01").await;
    let ben = started(world, "ben", &cohort, "2025-04-01").await;
    let ben = step(world, &ben, "SUBMITTED", "2025-12-20").await;
    let cal = started(world, "cal", &cohort, "2025-12-01").await;
    let away = json!({ "idempotencyKey": "away", "enrolment": cal["id"], "status": "ON_LEAVE",
        "asOf": "2026-01-05" });
    done(world, people::PRACTICE, "reportEmployment", away).await;
    let more = json!({ "idempotencyKey": "more", "enrolment": cal["id"], "months": 2,
        "reason": "ABSENCE" });
    let cal = done(world, people::PRACTICE, "requestExtension", more).await;
    let dee = started(world, "dee", &cohort, "2025-05-01").await;
    let items = [
        item(&dee, "safeguard", "IN_PROGRESS", "2025-12-01"),
        item(&dee, "safeguard", "EVIDENCE_SUBMITTED", "2026-01-02"),
    ];
    record(world, people::ASSESSOR, "evidence", &items).await;
    applied(world, "eve", &cohort).await;
    [("amy", amy), ("ben", ben), ("cal", cal), ("dee", dee)]
}

#[test]
fn each_sees_what_waits_for_them_the_most_urgent_first() {
    on_both(async |world| {
        let all = learners(world).await;
        let known: Vec<(&str, &Value)> = all.iter().map(|(name, it)| (*name, it)).collect();
        let overdue = "OVERDUE amy since 2026-01-02 due 2026-01-01";
        let soon = "DUE_WITHIN_30_DAYS dee since 2026-01-02 due 2026-02-01";
        let extension = "EXTENSION_WAITING cal since 2026-01-15 due 2026-09-01";
        let quiet = "NO_EVIDENCE_60_DAYS amy since 2025-05-31 due -";
        let verify = "VERIFICATION_WAITING ben since 2025-12-20 due -";
        let away = "STATUS_DISAGREEMENT cal since 2026-01-05 due -";
        let evidence = "EVIDENCE_WAITING dee since 2026-01-02 due -";
        let hub = worklist(world, people::YORKSHIRE, "trainingHub west-yorkshire").await;
        assert_eq!(lines(&hub, &known), [overdue, soon, extension, quiet, verify, away]);
        let kinds = hub["counts"].as_array().unwrap();
        assert_eq!(kinds.len(), 6);
        assert_eq!(kinds[0], json!({ "kind": "OVERDUE", "count": 1 }));
        for who in [people::PRACTICE, people::YORKSHIRE] {
            let site = worklist(world, who, "site Y90001").await;
            assert_eq!(lines(&site, &known), [overdue, soon, extension, quiet, away], "{who:?}");
        }
        let provider = worklist(world, people::PROVIDER, "provider dales-college").await;
        assert_eq!(lines(&provider, &known), [verify]);
        let inbox = worklist(world, people::ASSESSOR, "inbox").await;
        assert_eq!(lines(&inbox, &known), [overdue, soon, quiet, evidence]);
        assert_eq!(inbox["items"]["nodes"][3]["competency"]["code"], "safeguard");
        let told = format!("{hub}{inbox}");
        assert!(!told.contains("Secret"), "a worklist says nothing of who anybody is: {told}");
    });
}

#[test]
fn a_list_is_null_for_whoever_may_not_read_it() {
    on_both(async |world| {
        learners(world).await;
        let stranger = Who { subject: "not-assigned", ..people::ASSESSOR };
        for (who, of) in [
            (people::PUBLIC, "trainingHub west-yorkshire"),
            (people::NATIONAL, "trainingHub west-yorkshire"),
            (people::CHESHIRE, "trainingHub west-yorkshire"),
            (people::PRACTICE, "trainingHub west-yorkshire"),
            (people::CHESHIRE, "site Y90001"),
            (people::PROVIDER, "site Y90001"),
            (people::ASSESSOR, "site Y90001"),
            (people::YORKSHIRE, "provider dales-college"),
        ] {
            assert_eq!(worklist(world, who, of).await, Value::Null, "{who:?} {of}");
        }
        for who in [stranger, people::CHESHIRE] {
            let inbox = worklist(world, who, "inbox").await;
            assert_eq!(inbox["items"]["totalCount"], 0, "{who:?}");
        }
        let cheshire =
            worklist(world, people::CHESHIRE, "trainingHub cheshire-and-merseyside").await;
        assert_eq!(lines(&cheshire, &[]), [""; 0]);
    });
}

#[test]
fn pages_follow_one_another_and_kinds_narrow_them() {
    on_both(async |world| {
        let all = learners(world).await;
        let known: Vec<(&str, &Value)> = all.iter().map(|(name, it)| (*name, it)).collect();
        let whole = worklist(world, people::YORKSHIRE, "trainingHub west-yorkshire").await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        let document = "query($after: String) { trainingHub(by: { slug: \"west-yorkshire\" }) {
            worklist { items(first: 2, after: $after) { nodes { kind }
                pageInfo { hasNextPage endCursor } } } } }";
        loop {
            let data = world.data(people::YORKSHIRE, document, json!({ "after": after })).await;
            let page = &data["trainingHub"]["worklist"]["items"];
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|it| it["kind"].clone()));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let nodes = whole["items"]["nodes"].as_array().unwrap().iter();
        assert_eq!(seen, nodes.map(|it| it["kind"].clone()).collect::<Vec<_>>());
        assert_eq!(lines(&whole, &known).len(), 6);
        let narrow = |kinds: &str| {
            format!(
                "{{ trainingHub(by: {{ slug: \"west-yorkshire\" }}) {{ worklist {{
                    items(kinds: [{kinds}]) {{ totalCount nodes {{ kind }} }} }} }} }}"
            )
        };
        let two = narrow("OVERDUE, STATUS_DISAGREEMENT");
        let data = world.data(people::YORKSHIRE, &two, json!({})).await;
        assert_eq!(data["trainingHub"]["worklist"]["items"]["totalCount"], 2);
        let answer = world.ask(people::YORKSHIRE, &narrow(""), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    });
}

#[test]
fn returns_that_are_overdue_wait_for_the_site_and_its_hub() {
    on_both(async |world| {
        crate::returns::of_sites(world).await;
        let owed = [
            "RETURN_OVERDUE \"2025-10\" since 2025-11-15 due 2025-11-14",
            "RETURN_OVERDUE \"2025-11\" since 2025-12-15 due 2025-12-14",
            "RETURN_OVERDUE \"2025-12\" since 2026-01-15 due 2026-01-14",
        ];
        let site = worklist(world, people::PRACTICE, "site Y90001").await;
        assert_eq!(lines(&site, &[]), owed);
        let sentence = &site["items"]["nodes"][0]["sentence"];
        assert_eq!(sentence, "Site month 2025-10 was due on 2025-11-14: submit it.");
        let hub = worklist(world, people::YORKSHIRE, "trainingHub west-yorkshire").await;
        let kinds: Vec<&str> = hub["counts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["RETURN_OVERDUE"]);
        assert!(hub["counts"][0]["count"].as_i64().unwrap() > 3, "those of its other sites too");
        let provider = worklist(world, people::PROVIDER, "provider dales-college").await;
        assert_eq!(provider["items"]["totalCount"], 0);
    });
}
