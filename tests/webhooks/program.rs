//! The real program on the database of a world, in a process and an environment of its own.

use std::{
    net::TcpListener,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::harness::World;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(120);
const SHORT: Duration = Duration::from_millis(50);

pub(super) struct Program {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Program {
    /// Starts it with some variables in its environment, and no others.
    pub(super) async fn start(world: &World, environment: &[(&str, &str)]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_gpa"))
            .args(["serve", "--port", &free.port().to_string(), "--shutdown-seconds", "20"])
            .args(["--database-url", world.url(), "--data-dir"])
            .arg(&world.app.config.data_dir)
            .env_clear()
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let program = Self { child, url: format!("http://{free}"), client };
        let began = Instant::now();
        while !program.answers().await {
            assert!(began.elapsed() < PATIENCE, "it does not start");
            tokio::time::sleep(SHORT).await;
        }
        program
    }

    /// Whether it says that it answers requests.
    pub(super) async fn answers(&self) -> bool {
        let asked = self.client.get(format!("{}/health/ready", self.url)).send().await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    pub(super) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits for its end.
    pub(super) async fn ends(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            tokio::time::sleep(SHORT).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
