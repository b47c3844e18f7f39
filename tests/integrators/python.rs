//! Python's `gql` downloads the schema and pages through the sites.

use std::{path::PathBuf, process::Command, sync::OnceLock};

use serde_json::json;

use super::{
    programs::{done, folder, there, told},
    sites,
};
use crate::harness::{on_both, people, serve_on};

/// The interpreter with gql, in a virtual environment that is made where there is none.
fn python() -> Option<PathBuf> {
    static READY: OnceLock<bool> = OnceLock::new();
    let home = folder().join("python");
    let python = home.join(".venv/bin/python");
    let has_gql = || done(Command::new(&python).args(["-c", "import gql, requests"]));
    let install = || {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        done(Command::new("python3").args(["-m", "venv", ".venv"]).current_dir(&home))
            && done(
                Command::new(&python)
                    .args(pip)
                    .args(["--require-hashes", "-r", "requirements.txt"])
                    .current_dir(&home),
            )
    };
    let ready = *READY.get_or_init(|| has_gql() || (install() && has_gql()));
    there(ready, "REQUIRE_PYTHON", "Python with gql").then_some(python)
}

#[test]
fn gql_downloads_the_schema_and_pages_to_the_end() {
    let Some(python) = python() else { return };
    on_both(async |world| {
        let server = serve_on(world.url(), &[]);
        let mut tour = Command::new(&python);
        tour.arg("tour.py").current_dir(folder().join("python"));
        tour.arg(format!("{}/graphql", server.url)).arg(world.token(people::NATIONAL).unwrap());
        let told = told(&mut tour);
        let all = sites(world).await;
        assert!(all > 40, "more than a page: {all}");
        assert_eq!([&told["found"], &told["shown"], &told["total"]], [&json!(all); 3], "{told}");
        assert!(told["types"].as_u64().unwrap() > 300, "{told}");
        assert!(told["commands"].as_u64().unwrap() > 50, "{told}");
        assert!(told["date"].as_str().unwrap().contains("rfc3339"), "{told}");
        assert_eq!(told["misspelt"], "GraphQLError", "held to the schema before it is sent");
    });
}
