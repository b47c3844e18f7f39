//! Readers that are slow, or go away, and files that cannot be finished.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{begin, file, record_both, whole};
use crate::harness::{World, on_both, on_sqlite, people, serve_on};

/// Enough for several pieces.
const LONG: [(&str, &str); 3] = [
    ("metrics", "impact.gp_hours_released,survey.started"),
    ("of", "every SITE"),
    ("periods", "last 240"),
];

async fn answers(world: &World) {
    let document = "{ observations { totalCount } }";
    let data = world.data(people::NATIONAL, document, json!({})).await;
    assert_eq!(data["observations"]["totalCount"], 11);
}

#[test]
fn readers_that_wait_or_leave_hold_no_connection() {
    on_both(async |world| {
        record_both(world).await;
        let reference = file(world, people::PUBLIC, "series.csv", &LONG).await;
        assert!(reference.len() > 1_000_000, "{}", reference.len());
        // Twice as many as there are connections.
        let mut waiting = Vec::new();
        for _ in 0..8 {
            waiting.push(begin(world, people::PUBLIC, "series.csv", &LONG).await);
        }
        answers(world).await;
        waiting.truncate(4);
        answers(world).await;
        for answer in waiting {
            assert!(whole(answer).await.unwrap() == reference);
        }
    });
}

#[test]
fn a_file_that_cannot_be_finished_is_cut_off() {
    on_both(async |world| {
        record_both(world).await;
        let begun = begin(world, people::PUBLIC, "series.csv", &LONG).await;
        assert_eq!(begun.status(), 200);
        world.raw.execute_unprepared("ALTER TABLE observation RENAME TO gone").await.unwrap();
        assert_eq!(whole(begun).await, None);
        // What fails before anything was sent is told.
        let refused = begin(world, people::PUBLIC, "series.csv", &LONG).await;
        assert_eq!(refused.status(), 500);
        let refused = begin(world, people::PUBLIC, "series.xlsx", &LONG).await;
        assert_eq!(refused.status(), 500);
    });
}

#[test]
fn over_the_wire_a_file_that_was_cut_off_lacks_its_end() {
    on_sqlite(async |world| {
        record_both(world).await;
        let server = serve_on(world.url(), &[]);
        let asked = serde_urlencoded::to_string(LONG).unwrap();
        let ask = || {
            let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            let line = format!("GET /export/series.csv?{asked} HTTP/1.1\r\n");
            stream
                .write_all(format!("{line}host: test\r\nconnection: close\r\n\r\n").as_bytes())
                .unwrap();
            let mut first = [0; 4096];
            stream.read_exact(&mut first).unwrap();
            assert!(first.starts_with(b"HTTP/1.1 200"));
            stream
        };
        let rest = |stream: &mut TcpStream| {
            let mut rest = Vec::new();
            // A reset is as good an end as any for what is not whole.
            let _ = stream.read_to_end(&mut rest);
            rest
        };
        assert!(rest(&mut ask()).ends_with(b"\r\n0\r\n\r\n"));
        let mut stream = ask();
        world.raw.execute_unprepared("ALTER TABLE observation RENAME TO gone").await.unwrap();
        assert!(!rest(&mut stream).ends_with(b"\r\n0\r\n\r\n"));
    });
}
