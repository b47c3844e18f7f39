//! The clients that portals use, made by others: `graphql-ws` and `graphql-sse`.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::rename;
use crate::{
    changes::now,
    harness::{Served, loudly, on_sqlite, people},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/live");

fn ready() -> bool {
    let done = |command: &mut Command| {
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    };
    let installed = || Path::new(FOLDER).join("node_modules/graphql-ws").is_dir();
    let install = ["ci", "--prefix", FOLDER, "--no-audit", "--no-fund", "--silent"];
    done(Command::new("node").arg("--version"))
        && (installed() || done(Command::new("npm").args(install)))
}

#[test]
fn the_usual_clients_follow_without_ado() {
    if !ready() {
        let required = std::env::var_os("REQUIRE_NODE").is_some_and(|value| value == "1");
        assert!(!required, "REQUIRE_NODE=1, but Node or the packages of tests/live are missing");
        loudly("SKIPPED: the usual clients of subscriptions: no Node, or no packages for it");
        return;
    }
    on_sqlite(async |world| {
        let served = Served::of(world);
        let cursor = now(world, people::YORKSHIRE).await;
        rename(world, "Y90001", "One").await;
        rename(world, "Y90001", "Two").await;
        let token = world.token(people::YORKSHIRE).unwrap();
        let mut command = Command::new("node");
        command.arg("clients.mjs").args([&served.url, &token, &cursor]).current_dir(FOLDER);
        let ran = actix_web::web::block(move || command.output().unwrap()).await.unwrap();
        let (out, err) =
            (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{out}{err}");
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(
            lines,
            [
                "ws query HUB_TEAM",
                "ws One",
                "ws Two",
                "ws refused FORBIDDEN",
                "ws closed 4403",
                "sse One",
                "sse Two",
            ],
            "{err}"
        );
        served.stop().await;
    });
}
