//! What the program brings: read whole by anybody, and written once however often it starts.

use serde_json::{Value, json};

use crate::harness::{on_both, on_both_new, on_the_same, people};

#[test]
fn anybody_reads_what_is_done_and_learnt() {
    on_both(async |world| {
        let document = "{ jobDescription { version state source duties { code kind position }
                clinical: duties(kind: CLINICAL) { code } }
            competencyFramework { id version jobDescription { version }
                domains { title position competencies { code core clinical duties { code kind }
                    domain { title } framework { version } } }
                core: competencies(core: true) { core }
                clinical: competencies(clinical: true, core: false) { clinical } } }";
        let data = world.data(people::PUBLIC, document, json!({})).await;
        let (job, framework) = (&data["jobDescription"], &data["competencyFramework"]);
        assert_eq!((&job["version"], &job["state"]), (&json!("1.0.0"), &json!("PUBLISHED")));
        assert!(job["source"].as_str().unwrap().contains("not the national"));
        let count = |list: &Value| list.as_array().unwrap().len();
        let duties = count(&job["duties"]);
        assert!((12..=16).contains(&duties), "{duties}");
        assert!((1..duties).contains(&count(&job["clinical"])));
        assert_eq!(framework["jobDescription"]["version"], "1.0.0");
        let domains = framework["domains"].as_array().unwrap();
        assert_eq!(domains.len(), 5);
        for domain in domains {
            for competency in domain["competencies"].as_array().unwrap() {
                assert_eq!(competency["domain"]["title"], domain["title"]);
                assert_eq!(competency["framework"]["version"], "1.0.0");
                assert!(count(&competency["duties"]) > 0);
            }
        }
        let all: usize = domains.iter().map(|domain| count(&domain["competencies"])).sum();
        assert!((20..=30).contains(&all), "{all}");
        let core = framework["core"].as_array().unwrap();
        assert!(core.iter().all(|each| each["core"] == true) && (1..all).contains(&core.len()));
        assert!(count(&framework["clinical"]) > 0);
    });
}

#[test]
fn every_start_finds_it_there() {
    on_both_new(async |world| {
        let rows = world.rows().await;
        let another = on_the_same(world).await;
        assert_eq!(another.rows().await, rows);
        another.leave().await;
    });
}
