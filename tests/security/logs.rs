//! The real program with its log wide open: who it was said to be, and what proved it, is
//! not in there.

use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    enrolments::{application, cohort},
    harness::{World, on_both},
};

struct Program {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Program {
    async fn start(world: &World, log: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = gpa(world, &["serve", "--port", &free.port().to_string(), "--log", "trace"])
            .stdout(File::create(log).unwrap())
            .stderr(File::options().append(true).open(log).unwrap())
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let program = Self { child, url: format!("http://{free}"), client };
        let began = Instant::now();
        while program.client.get(format!("{}/health/ready", program.url)).send().await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(120), "the server does not start");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        program
    }

    async fn ask(&self, token: &str, document: &str, input: &Value) -> Value {
        let body = json!({ "query": document, "variables": { "input": input } });
        let request = self.client.post(format!("{}/graphql", self.url)).bearer_auth(token);
        let request = request.header("content-type", "application/json").body(body.to_string());
        let answer = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice(&answer).unwrap()
    }

    async fn token(&self, client: &str, secret: &str) -> Value {
        let request = self.client.post(format!("{}/oauth2/token", self.url));
        let request = request.basic_auth(client, Some(secret));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body("grant_type=client_credentials").send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn gpa(world: &World, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gpa"));
    command
        .args(arguments)
        .args(["--database-url", world.url(), "--data-dir"])
        .arg(&world.app.config.data_dir)
        .env_clear();
    command
}

/// A token of the program's own clock.
fn token(world: &World, role: &str, organisation: &str) -> String {
    let arguments = ["token", "--role", role, "--organisation", organisation, "--log", "off"];
    let output = gpa(world, &arguments).stderr(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_log_holds_no_secret_and_no_name() {
    on_both(async |world| {
        let cohort = cohort(world).await;
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let program = Program::start(world, &log).await;
        let national = token(world, "programme_team", "programme:national");
        let hub = token(world, "hub_team", "hub:west-yorkshire");

        let register =
            "mutation($input: RegisterApiClientInput!) { registerApiClient(input: $input) {
            ... on ApiClientRegistered { secret } } }";
        let client = json!({ "idempotencyKey": "vendor", "clientId": "vendor", "name": "Vendor",
            "contact": "vendor@example.org", "secret": true,
            "grants": [{ "organisation": { "slug": "west-yorkshire" }, "scopes": ["SITES_READ"] }] });
        let made = program.ask(&national, register, &client).await;
        let secret = made["data"]["registerApiClient"]["secret"].as_str().unwrap_or_default();
        assert!(secret.starts_with("gpa_"), "{made:#}");
        let given = program.token("vendor", secret).await;
        let access = given["access_token"].as_str().unwrap();
        let wrong = format!("{}{}", &secret[..secret.len() - 8], "AAAAAAAA");
        assert_eq!(program.token("vendor", &wrong).await["error"], "invalid_client");
        let forged = format!("{}A{}", &hub[..hub.len() - 4], &hub[hub.len() - 3..]);
        let refused = program.ask(&forged, "{ viewer { role } }", &json!({})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused:#}");

        let enrol =
            "mutation($input: EnrolLearnerInput!) { enrolLearner(input: $input) { __typename } }";
        let mut learner = application("amy", &cohort);
        learner["learner"]["person"]["details"]["telephone"] = json!("07700 900123");
        let enrolled = program.ask(&hub, enrol, &learner).await;
        assert_eq!(
            enrolled["data"]["enrolLearner"]["__typename"], "LearnerEnrolled",
            "{enrolled:#}"
        );
        // What is refused is not told to the log instead.
        learner["learner"]["person"]["details"]["telephone"] = json!("Secret telephone");
        learner["idempotencyKey"] = json!("again");
        program.ask(&hub, enrol, &learner).await;
        drop(program);

        let written = std::fs::read_to_string(&log).unwrap();
        assert!(written.contains("a token was refused"), "the log is there\n{written}");
        let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
        let pair = STANDARD.encode(format!("vendor:{secret}"));
        for (what, secret) in [
            ("a client's secret", secret[12..].to_owned()),
            ("its header", pair),
            ("a wrong secret", wrong[12..].to_owned()),
            ("an access token", signature(access)),
            ("a person's token", signature(&hub)),
            ("a forged token", signature(&forged)),
            ("a learner's name", "Secret amy".to_owned()),
            ("a learner's address", "amy@example.org".to_owned()),
            ("a learner's telephone", "900123".to_owned()),
            ("what was wrong with it", "Secret telephone".to_owned()),
        ] {
            let line = written.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{what} is in the log");
        }
    });
}
