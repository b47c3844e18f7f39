//! A real identity provider, run beside the tests for as long as they need it.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, OnceLock},
};

use actix_web::web;
use serde_json::Value;

use crate::harness::loudly;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/oidc");

/// Hands a test a provider of its own; where there is no Node, or its packages cannot be
/// had, the test is skipped, unless `REQUIRE_NODE=1` says that there must be one.
pub(super) fn with_provider(body: impl AsyncFn(&Provider)) {
    static READY: OnceLock<bool> = OnceLock::new();
    if !*READY.get_or_init(ready) {
        let required = std::env::var_os("REQUIRE_NODE").is_some_and(|value| value == "1");
        assert!(!required, "REQUIRE_NODE=1, but Node or the packages of tests/oidc are missing");
        loudly("SKIPPED: signing in with a real provider: no Node, or no packages for it");
        return;
    }
    let provider = Provider::start();
    actix_web::rt::System::new().block_on(body(&provider));
}

fn ready() -> bool {
    let done = |command: &mut Command| {
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    };
    let installed = || Path::new(FOLDER).join("node_modules/oidc-provider").is_dir();
    let install = ["ci", "--prefix", FOLDER, "--no-audit", "--no-fund", "--silent"];
    done(Command::new("node").arg("--version"))
        && (installed() || done(Command::new("npm").args(install)))
}

pub(super) struct Provider {
    pub issuer: String,
    pipes: Arc<Mutex<(ChildStdin, BufReader<ChildStdout>)>>,
    process: Child,
}

impl Provider {
    fn start() -> Self {
        let mut command = Command::new("node");
        command.arg("provider.mjs").current_dir(FOLDER);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let issuer = read(&mut output).as_str().unwrap().to_owned();
        Self { issuer, pipes: Arc::new(Mutex::new((input, output))), process }
    }

    /// Tells it to do something; gives what it answers.
    pub(super) async fn say(&self, word: &'static str) -> Value {
        let pipes = self.pipes.clone();
        let said = web::block(move || {
            let (input, output) = &mut *pipes.lock().unwrap();
            writeln!(input, "{word}").unwrap();
            read(output)
        });
        said.await.unwrap()
    }

    pub(super) async fn token(&self) -> String {
        self.say("token").await.as_str().unwrap().to_owned()
    }

    /// How often its keys were asked for.
    pub(super) async fn fetches(&self) -> u64 {
        self.say("count").await.as_u64().unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(output: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    serde_json::from_str(&line).expect("the provider says something")
}
