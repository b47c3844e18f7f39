//! A running server for each test that wants one.

use std::{net::TcpListener, sync::Arc, thread};

use actix_web::dev::ServerHandle;
use api::{app::App, cli::Cli, config::Config, http};

/// A server on a port of its own; it stops when this is dropped.
pub(crate) struct Server {
    pub url: String,
    handle: ServerHandle,
}

pub(crate) fn serve() -> Server {
    serve_with(&[])
}

/// A server with settings of the test's choice, written as flags.
pub(crate) fn serve_with(flags: &[&str]) -> Server {
    let cli = Cli::read([&["gpa", "--workers", "1"], flags].concat()).unwrap();
    let none: [(String, String); 0] = [];
    let app = Arc::new(App::new(Config::from_sources(&cli.settings, none).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (send, receive) = std::sync::mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = http::listen(app, listener).unwrap();
            send.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    Server { url, handle: receive.recv().unwrap() }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is sent at once; nobody needs to wait for its end.
        drop(self.handle.stop(false));
    }
}
