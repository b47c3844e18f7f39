//! An instance that stops sends its followers to another.

use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{Client, protocol};
use crate::http::stopping::Program;

#[test]
fn a_stopping_server_closes_its_sockets_so_that_they_go_on_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let told = actix_web::rt::System::new().block_on(async {
        let url = format!("http://{}", program.address);
        let mut client = Client::signed_in(&url, None).await;
        let query = "subscription { figuresUpdated(metrics: [\"gpa.headcount\"],
            of: { england: true }) { value { state } } }";
        client.subscribe("1", query, json!({})).await;
        let told = Instant::now();
        program.terminate();
        let (code, reason) = client.closed().await;
        assert_eq!(code, 1012, "{reason}");
        // It takes no others, as long as it is there at all.
        if let Ok(refused) = tokio::time::timeout(
            Duration::from_secs(5),
            actix_web::rt::spawn(async move { Client::open(&url, &[protocol()]).await.err() }),
        )
        .await
        {
            assert!(refused.is_err() || refused.ok().flatten() == Some(503));
        }
        told
    });
    assert!(program.child.wait().unwrap().success());
    assert!(told.elapsed() < Duration::from_secs(10));
}
