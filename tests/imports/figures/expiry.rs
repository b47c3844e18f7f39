//! Imports that nobody comes back to: after 30 days they have expired, whether or not
//! anybody has taken their rows away, and the next import does.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{done, moved, start};
use crate::harness::{Who, World, now, on_both, people};

const ONE: &str = "query($id: ID!) { import(id: $id) { state version fileName
    counts { create } rows { totalCount nodes { number } } } }";
const ROWS: &str = "SELECT COUNT(*) FROM import_row";

async fn import(world: &World, who: Who, id: &Value) -> Value {
    world.data(who, ONE, json!({ "id": id })).await["import"].take()
}

#[test]
fn a_preview_that_nobody_commits_expires_and_its_rows_go() {
    on_both(async |world| {
        let left =
            start(world, people::YORKSHIRE, "left", &["Y90001,survey.in_post,2025-11,1"]).await;
        let kept =
            start(world, people::YORKSHIRE, "kept", &["Y90001,survey.in_post,2025-10,1"]).await;
        let kept = done(world, people::YORKSHIRE, "commit", &kept).await;
        let clock = world.app.store.clock();

        clock.set(now() + TimeDelta::days(30));
        assert_eq!(import(world, people::YORKSHIRE, &left["id"]).await["state"], "PREVIEWED");
        let fresh =
            start(world, people::CHESHIRE, "early", &["Y90004,survey.in_post,2025-11,1"]).await;
        assert_eq!(world.number(ROWS).await, 3, "nothing has gone yet");

        // From then on nothing of it is shown or done, although nobody has cleared it away.
        clock.set(now() + TimeDelta::days(30) + TimeDelta::seconds(1));
        let expired = import(world, people::YORKSHIRE, &left["id"]).await;
        assert_eq!(
            (&expired["state"], &expired["counts"]["create"]),
            (&json!("EXPIRED"), &json!(1))
        );
        assert_eq!(expired["rows"], json!({ "totalCount": 0, "nodes": [] }));
        let before = world.rows().await;
        for command in ["commit", "discard", "undo"] {
            let payload = moved(world, people::YORKSHIRE, command, &left).await;
            assert_eq!(payload["problems"][0]["code"], "CONTRADICTION", "{command}: {payload:#}");
        }
        assert_eq!((world.rows().await, world.number(ROWS).await), (before, 3));

        // Somebody else's import takes its rows away, in the one command that is audited.
        let audited = world.number("SELECT COUNT(*) FROM audit").await;
        start(world, people::CHESHIRE, "late", &["Y90004,survey.in_post,2025-10,1"]).await;
        assert_eq!(world.number("SELECT COUNT(*) FROM audit").await, audited + 1);
        assert_eq!(world.number(ROWS).await, 3, "one came and one went");
        let expired = import(world, people::YORKSHIRE, &left["id"]).await;
        assert_eq!((&expired["state"], &expired["version"]), (&json!("EXPIRED"), &json!(3)));
        for (who, id, state) in [
            (people::YORKSHIRE, &kept["id"], "COMMITTED"),
            (people::CHESHIRE, &fresh["id"], "PREVIEWED"),
        ] {
            let seen = import(world, who, id).await;
            assert_eq!((&seen["state"], &seen["rows"]["totalCount"]), (&json!(state), &json!(1)));
        }
        assert_eq!(import(world, people::CHESHIRE, &left["id"]).await, Value::Null);
    });
}
