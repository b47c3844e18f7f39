//! A version is published once, never changed after that, and one day retired.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{done, draft, duty, job, plain, problems, published, read, send};
use crate::harness::{World, on_both, on_the_same, people, with};

const CURRENT: &str = "{ competencyFramework { version state }
    competencyFrameworks { version state current publishedOn retiredOn } }";

async fn current(world: &World) -> Value {
    let data = world.data(people::PUBLIC, CURRENT, json!({})).await;
    data["competencyFramework"]["version"].clone()
}

#[test]
fn the_newest_published_version_is_current_and_the_older_stays_published() {
    on_both(async |world| {
        assert_eq!(current(world).await, "1.0.0");
        let position = world.position().await;
        let drafted = draft("next", "1.1.0", plain());
        let drafted = done(world, people::ANALYST, "draftFrameworkVersion", drafted).await;
        assert_eq!(current(world).await, "1.0.0", "a draft is not in use");
        let out = done(world, people::NATIONAL, "publishFrameworkVersion", read(&drafted)).await;
        assert_eq!((&out["state"], &out["current"]), (&json!("PUBLISHED"), &json!(true)));
        let data = world.data(people::PUBLIC, CURRENT, json!({})).await;
        let version = |version: &str, current: bool| {
            json!({ "version": version, "state": "PUBLISHED", "current": current,
                "publishedOn": "2026-01-15", "retiredOn": null })
        };
        assert_eq!(
            data["competencyFrameworks"],
            json!([version("1.0.0", false), version("1.1.0", true)])
        );
        let retired = done(world, people::NATIONAL, "retireFrameworkVersion", read(&out)).await;
        assert_eq!(
            (&retired["state"], &retired["retiredOn"]),
            (&json!("RETIRED"), &json!("2026-01-15"))
        );
        assert_eq!(current(world).await, "1.0.0", "what is retired is not current");
        assert_eq!(
            world.said_since(position).await,
            [
                "anwar DRAFT_PROGRAMME_CONTENT: CONTENT_DRAFTED - > competency framework 1.1.0 from 2026-01-15",
                "nadia PUBLISH_PROGRAMME_CONTENT: CONTENT_PUBLISHED - > competency framework 1.1.0 from 2026-01-15",
                "nadia RETIRE_PROGRAMME_CONTENT: CONTENT_RETIRED - > competency framework 1.1.0 from 2026-01-15",
            ]
        );
        let another = on_the_same(world).await;
        let seen = another.data(people::PUBLIC, CURRENT, json!({})).await;
        assert_eq!(seen["competencyFrameworks"][1]["state"], "RETIRED");
        another.leave().await;
    });
}

#[test]
fn what_is_published_never_changes() {
    on_both(async |world| {
        let out = published(world, "1.1.0", plain()).await;
        let anew = with(&read(&out), json!({ "content": plain() }));
        for (command, input, expected) in [
            ("redraftFrameworkVersion", anew, "input.id CONTRADICTION"),
            ("publishFrameworkVersion", read(&out), "input.id UNCHANGED"),
            ("draftFrameworkVersion", draft("k", "1.1.0", plain()), "input.version ALREADY_EXISTS"),
        ] {
            let named = problems(world, people::NATIONAL, command, input).await;
            assert_eq!(named, [expected], "{command}");
        }
        let rows = world.rows().await;
        let stale = json!({ "id": out["id"], "expectedVersion": 1 });
        let stale = send(world, people::NATIONAL, "retireFrameworkVersion", stale).await;
        assert_eq!(stale["__typename"], "CompetencyFrameworkConflict");
        for part in ["duty", "competency", "competency_domain"] {
            let id = format!("SELECT MAX(id) FROM {part}");
            let id = world.number(&id).await;
            for statement in [
                format!("UPDATE {part} SET title = 'Other' WHERE id = {id}"),
                format!("DELETE FROM {part} WHERE id = {id}"),
            ] {
                let done = world.raw.execute_unprepared(&statement).await;
                let refused = done.unwrap_err().to_string();
                assert!(refused.contains("what is published stays"), "{statement}: {refused}");
            }
        }
        assert_eq!(world.rows().await, rows);
    });
}

#[test]
fn a_version_is_retired_once_and_a_draft_never() {
    on_both(async |world| {
        let drafted = draft("next", "1.1.0", plain());
        let drafted = done(world, people::ANALYST, "draftFrameworkVersion", drafted).await;
        let command = "retireFrameworkVersion";
        let named = problems(world, people::NATIONAL, command, read(&drafted)).await;
        assert_eq!(named, ["input.id CONTRADICTION"]);
        let out = done(world, people::NATIONAL, "publishFrameworkVersion", read(&drafted)).await;
        let out = done(world, people::NATIONAL, command, read(&out)).await;
        let named = problems(world, people::NATIONAL, command, read(&out)).await;
        assert_eq!(named, ["input.id UNCHANGED"]);
        let named = problems(world, people::NATIONAL, "publishFrameworkVersion", read(&out)).await;
        assert_eq!(named, ["input.id UNCHANGED"]);
    });
}

#[test]
fn an_older_draft_is_not_published_after_a_newer_version() {
    on_both(async |world| {
        let older = draft("older", "1.1.0", plain());
        let older = done(world, people::ANALYST, "draftFrameworkVersion", older).await;
        published(world, "1.2.0", plain()).await;
        let command = "publishFrameworkVersion";
        let named = problems(world, people::NATIONAL, command, read(&older)).await;
        assert_eq!(named, ["input.id OUT_OF_RANGE"]);
    });
}

#[test]
fn a_framework_and_its_job_description_do_not_leave_each_other() {
    on_both(async |world| {
        let next = draft("job", "1.1.0", job(vec![duty("read-letters")]));
        let next = done(world, people::ANALYST, "draftJobDescription", next).await;
        let next = done(world, people::NATIONAL, "publishJobDescription", read(&next)).await;
        let on_next = with(&plain(), json!({ "jobDescription": "1.1.0" }));
        let waiting = draft("waiting", "1.2.0", on_next.clone());
        let waiting = done(world, people::ANALYST, "draftFrameworkVersion", waiting).await;
        let out = published(world, "1.1.0", on_next).await;
        assert_eq!(out["jobDescription"]["version"], "1.1.0");
        let command = "retireJobDescription";
        let named = problems(world, people::NATIONAL, command, read(&next)).await;
        assert_eq!(named, ["input.id CONTRADICTION"], "a published framework supports it");
        done(world, people::NATIONAL, "retireFrameworkVersion", read(&out)).await;
        let next = done(world, people::NATIONAL, command, read(&next)).await;
        assert_eq!(next["state"], "RETIRED");
        let command = "publishFrameworkVersion";
        let named = problems(world, people::NATIONAL, command, read(&waiting)).await;
        assert_eq!(named, ["input.id CONTRADICTION"], "what it rests on is out of use");
    });
}
