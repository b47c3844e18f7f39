//! `importProgress`, from the first line that is read to the last.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::client::{Client, PATIENCE};
use crate::{
    harness::{Served, World, on_both, on_postgres, on_the_same, people},
    imports::figures,
};

const PROGRESS: &str = "subscription($id: ID!) { importProgress(id: $id) { state read total } }";

async fn import(world: &World, key: &str) -> Value {
    let text = "organisation_code,metric,month,value\nY90001,survey.in_post,2025-11,3\n";
    let started = figures::started(world, people::YORKSHIRE, key, "OBSERVATIONS", text).await;
    assert_eq!(started["import"]["state"], "PREVIEWED", "{started:#}");
    started["import"]["id"].clone()
}

/// What a reader of a long file writes as it goes on.
async fn reads_on(world: &World, state: &str, lines: i64) {
    let written = format!("UPDATE import_run SET state = '{state}', lines_read = {lines}");
    world.raw.execute_unprepared(&written).await.unwrap();
}

#[test]
fn a_file_is_followed_until_it_is_read() {
    on_both(async |world| {
        let served = Served::of(world);
        let id = import(world, "one").await;
        reads_on(world, "READING", 0).await;
        let mut client = Client::signed_in(&served, world.token(people::YORKSHIRE)).await;
        client.subscribe("1", PROGRESS, json!({ "id": id })).await;
        for (state, read) in [("READING", 0), ("READING", 1), ("PREVIEWED", 1)] {
            reads_on(world, state, read).await;
            let event = client.event().await;
            let expected = json!({ "state": state, "read": read, "total": 1 });
            assert_eq!(event["data"]["importProgress"], expected);
        }
        assert_eq!(client.hears().await, json!({ "id": "1", "type": "complete" }));
        // Of one that was read before, the last word is all there is to tell.
        client.subscribe("1", PROGRESS, json!({ "id": id })).await;
        assert_eq!(client.event().await["data"]["importProgress"]["state"], "PREVIEWED");
        assert_eq!(client.hears().await["type"], "complete");

        let mut other = Client::signed_in(&served, world.token(people::CHESHIRE)).await;
        other.subscribe("1", PROGRESS, json!({ "id": id })).await;
        let message = other.hears().await;
        assert_eq!(message["type"], "error", "{message:#}");
        assert_eq!(message["payload"][0]["extensions"]["code"], "NOT_FOUND");
        served.stop().await;
    });
}

/// On PostgreSQL an instance hears what another reads; nothing here is ever polled.
#[test]
fn what_one_instance_reads_another_hears_of() {
    on_postgres(async |world| {
        let other = on_the_same(world).await;
        let never = Duration::from_secs(3_600);
        let mut feed = other.app.store.feed_moves();
        let mut imports = other.app.store.imports_move();
        let looking = actix_web::rt::spawn(other.app.store.clone().follow(never));
        // It hears of a write only once it listens, and so of what is read after that.
        super::rename(world, "Y90001", "Listen").await;
        tokio::time::timeout(PATIENCE, feed.changed()).await.unwrap().unwrap();
        import(world, "one").await;
        tokio::time::timeout(PATIENCE, imports.changed()).await.unwrap().unwrap();
        looking.abort();
        other.leave().await;
    });
}
