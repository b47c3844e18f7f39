//! The house rules that a machine can hold: sizes, directions, and what must not be
//! left lying about.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Every file of the repository that people write, with its path from the top.
fn files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> =
        ["api", "entity", "migration", "tests"].map(|folder| Path::new(ROOT).join(folder)).into();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "node_modules", ".venv"].contains(&name.as_str()) {
                waiting.push(path);
            } else if let Ok(content) = std::fs::read_to_string(&path) {
                let path = path.strip_prefix(ROOT).unwrap().display().to_string();
                found.push((path, content));
            }
        }
    }
    assert!(found.len() > 150, "the walk misses much: {}", found.len());
    found
}

fn rust() -> impl Iterator<Item = (String, String)> {
    files().into_iter().filter(|(path, _)| path.ends_with(".rs"))
}

fn within(folder: &'static str) -> impl Iterator<Item = (String, String)> {
    let mut found = rust().filter(move |(path, _)| path.starts_with(folder)).peekable();
    assert!(found.peek().is_some(), "there is no {folder}");
    found
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    const MOST: usize = 350;
    let long = rust().map(|(path, content)| (path, content.lines().count()));
    let long: Vec<_> = long.filter(|(_, lines)| *lines > MOST).collect();
    assert!(long.is_empty(), "over {MOST} lines: {long:?}");
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    let silent = rust().filter(|(path, content)| {
        let generated = path.ends_with("/lib.rs") && content.trim().is_empty();
        !content.starts_with("//!") && !generated
    });
    let silent: Vec<_> = silent.map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "no module comment: {silent:?}");
}

#[test]
fn the_top_level_holds_what_belongs_there() {
    let allowed: BTreeSet<&str> = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "api",
        "entity",
        "migration",
        "schema.graphql",
        "tests",
        "target",
    ]
    .into();
    for entry in std::fs::read_dir(ROOT).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || allowed.contains(name.as_str()), "{name}");
    }
}

#[test]
fn dependencies_run_one_way() {
    for (folder, words) in [
        ("api/src/graphql/", &["sea_orm", "sqlx", "actix_web"][..]),
        ("api/src/domain/", &["async_graphql", "actix_web", "crate::graphql", "crate::http"]),
        ("api/src/auth/", &["async_graphql", "sea_orm", "actix_web", "crate::domain"]),
        (
            "api/src/analytics/",
            &["async_graphql", "sea_orm", "sqlx", "actix_web", "crate::domain", "crate::auth"],
        ),
        ("api/src/http/", &["sea_orm", "sqlx"]),
        ("api/src/import/", &["sea_orm", "async_graphql", "actix_web"]),
        (
            "api/src/export/",
            &["sea_orm", "async_graphql", "actix_web", "crate::graphql", "crate::http"],
        ),
        ("entity/", &["async_graphql", "actix_web"]),
        ("migration/", &["async_graphql", "actix_web"]),
    ] {
        for (path, content) in within(folder) {
            for line in content.lines().filter(|line| !line.trim_start().starts_with("//")) {
                let wrong = words.iter().find(|word| line.contains(**word));
                assert!(wrong.is_none(), "{path} names {wrong:?}: {line}");
            }
        }
    }
}

#[test]
fn connections_do_not_leave_the_domain() {
    for (path, content) in within("api/src/") {
        if !path.starts_with("api/src/domain/") {
            assert!(!content.contains("DatabaseConnection"), "{path}");
        }
    }
    let store = std::fs::read_to_string(Path::new(ROOT).join("api/src/domain/store.rs")).unwrap();
    assert!(store.contains("pub(super) writer: DatabaseConnection"));
    assert!(store.contains("pub(super) reader: DatabaseConnection"));
}

#[test]
fn time_is_read_in_one_place() {
    let readings =
        [concat!("Utc", "::now"), concat!("Local", "::now"), concat!("SystemTime", "::now")];
    for (path, content) in within("api/src/") {
        let reads = readings.iter().any(|reading| content.contains(reading));
        assert!(!reads || path == "api/src/clock.rs", "{path} reads the time");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("#[ign", "ore"),
        concat!("#[should_", "panic"),
        concat!("#[al", "low("),
        concat!("#![al", "low("),
    ];
    for (path, content) in rust() {
        for (number, line) in (1..).zip(content.lines()) {
            let left = words.iter().find(|word| line.contains(**word));
            assert!(left.is_none(), "{path}:{number}: {line}");
        }
    }
}

#[test]
fn each_entity_is_one_table() {
    // A set of words that several tables share, and which is none of them.
    const SHARED: [&str; 1] = ["/role_model.rs"];
    for (path, content) in within("entity/src/") {
        let tables = content.matches("DeriveEntityModel").count();
        let is_table = !path.ends_with("/lib.rs") && !SHARED.iter().any(|it| path.ends_with(it));
        let expected = usize::from(is_table);
        assert_eq!(tables, expected, "{path}");
    }
}

#[test]
fn names_say_what_things_do() {
    for (path, _) in rust() {
        let vague = ["util", "helper", "manager", "common", "misc"];
        let named = vague.into_iter().find(|word| path.to_lowercase().contains(word));
        assert!(named.is_none(), "{path} is called {named:?}");
    }
}
