//! A real server, told to stop while it is busy.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::wire::{connect, read, try_read};

/// The real program, in a process of its own.
pub(crate) struct Program {
    pub child: Child,
    pub address: String,
}

impl Program {
    pub(crate) fn start(folder: &std::path::Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let database = format!("sqlite://{}", folder.join("gpa.db").display());
        let child = Command::new(env!("CARGO_BIN_EXE_gpa"))
            .args(["serve", "--port", &free.port().to_string(), "--shutdown-seconds", "10"])
            .args(["--database-url", &database, "--data-dir"])
            .arg(folder)
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let program = Self { child, address: free.to_string() };
        let started = Instant::now();
        while program.ready() != Some(200) {
            assert!(started.elapsed() < Duration::from_secs(60), "the server does not start");
            thread::sleep(Duration::from_millis(50));
        }
        program
    }

    fn ready(&self) -> Option<u16> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: test\r\n\r\n").ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        try_read(&mut stream).ok().map(|answer| answer.status)
    }

    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_stopping_server_turns_red_first_and_finishes_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let mut busy = connect(&program.address);
    let body = r#"{"query": "{ __typename }"}"#;
    let length = body.len();
    write!(busy, "POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(200));

    let told = Instant::now();
    program.terminate();
    while program.ready() == Some(200) {
        assert!(told.elapsed() < Duration::from_secs(1), "it still says that it is ready");
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(program.ready(), Some(503));
    while program.ready().is_some() {
        assert!(told.elapsed() < Duration::from_secs(5), "it still takes requests");
        thread::sleep(Duration::from_millis(50));
    }
    busy.write_all(body.as_bytes()).unwrap();
    assert_eq!(read(&mut busy).status, 200);
    assert!(program.child.wait().unwrap().success());
    assert!(told.elapsed() < Duration::from_secs(10));
}
