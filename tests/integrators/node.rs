//! TypeScript that is generated from the schema and compiled strictly, and Relay's
//! compiler; what they make is run against the server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::{Value, json};

use super::{
    programs::{done, folder, run, there, told},
    sites,
};
use crate::harness::{World, on_both, people, serve_on};

fn has_node() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    let home = folder().join("node");
    let installed = || home.join("node_modules/relay-compiler").is_dir();
    let install = || {
        let npm = ["ci", "--no-audit", "--no-fund", "--silent"];
        done(Command::new("npm").args(npm).current_dir(&home))
    };
    let node = || done(Command::new("node").arg("--version"));
    let ready = *READY.get_or_init(|| node() && (installed() || install()));
    there(ready, "REQUIRE_NODE", "Node with the packages of tests/integrators/node")
}

/// A project of an integrator: copied, so that what is generated stays out of the way.
struct Project(tempfile::TempDir);

impl Project {
    fn copied(name: &str) -> Self {
        let home = folder().join("node");
        let project = Self(tempfile::tempdir().unwrap());
        copy(&home.join(name), project.path());
        for file in ["tour.mjs", "package.json"] {
            fs::copy(home.join(file), project.path().join(file)).unwrap();
        }
        let schema = folder().join("../../schema.graphql");
        fs::copy(schema, project.path().join("schema.graphql")).unwrap();
        let packages = home.join("node_modules").canonicalize().unwrap();
        std::os::unix::fs::symlink(packages, project.path().join("node_modules")).unwrap();
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// A program of one of the packages.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(PathBuf::from("node_modules/.bin").join(name));
        command.current_dir(self.path());
        command
    }

    /// Runs the module against a server on the world's database.
    fn tour(&self, world: &World, module: &str) -> Value {
        let server = serve_on(world.url(), &[]);
        let mut node = Command::new("node");
        node.args(["tour.mjs", module]).current_dir(self.path());
        node.arg(format!("{}/graphql", server.url)).arg(world.token(people::NATIONAL).unwrap());
        told(&mut node)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = entry.map(|it| (it.path(), to.join(it.file_name()))).unwrap();
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn generated_typescript_compiles_strictly_and_handles_every_outcome() {
    if !has_node() {
        return;
    }
    let project = Project::copied("typescript");
    run(project.program("graphql-codegen").args(["--config", "codegen.json"]));
    run(project.program("tsc").args(["--noEmit", "--strict", "-p", "."]));
    run(project.program("tsc").args(["--strict", "-p", "."]));
    on_both(async |world| {
        let all = sites(world).await;
        let told = project.tour(world, "built/tour.js");
        assert_eq!(told["before"], json!({ "found": all, "totalCount": all }));
        assert_eq!(told["first"]["outcome"], "SiteRegistered", "{told:#}");
        assert_eq!(told["repeated"], told["first"], "the same key gives the same answer");
        assert_eq!(told["another"]["outcome"], "IdempotencyConflict", "{told:#}");
        assert_eq!(told["wrong"]["outcome"], "InvalidInput", "{told:#}");
        let problems = told["wrong"]["problems"].as_array().unwrap();
        assert!(problems.contains(&json!("input.odsCode ALREADY_EXISTS")), "{told:#}");
        assert_eq!(told["node"]["name"], "Typed Surgery", "{told:#}");
        assert_eq!(told["after"], json!({ "found": all + 1, "totalCount": all + 1 }));
    });
}

#[test]
fn relay_accepts_the_schema_and_what_it_makes_is_answered() {
    if !has_node() {
        return;
    }
    let project = Project::copied("relay");
    fs::create_dir(project.path().join("generated")).unwrap();
    run(project.program("relay-compiler").arg("relay.config.json"));
    on_both(async |world| {
        let all = sites(world).await;
        let told = project.tour(world, "tour.js");
        assert_eq!([&told["found"], &told["totalCount"]], [&json!(all); 2], "{told:#}");
        assert_eq!(told["before"]["__typename"], "Site", "{told:#}");
        assert_eq!(told["renamed"]["__typename"], "SiteRenamed", "{told:#}");
        assert_eq!(told["late"]["__typename"], "VersionConflict", "{told:#}");
        assert_eq!(told["late"]["current"]["name"], "Refetched Surgery", "{told:#}");
        assert_eq!(told["after"]["name"], "Refetched Surgery", "refetched by its id");
        let history = |at: &str| told[at]["history"]["edges"].as_array().unwrap().len();
        assert_eq!(history("after"), history("before") + 1, "{told:#}");
    });
}
