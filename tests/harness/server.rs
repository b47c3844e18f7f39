//! A running server, for tests of what goes over the wire.

use std::{net::TcpListener, sync::Arc, thread};

use actix_web::dev::ServerHandle;
use api::http;

use super::{begun::Begun, database, world};

/// A server on a port of its own, with a world of its own on SQLite; it stops when
/// this is dropped.
pub(crate) struct Server {
    pub url: String,
    handle: ServerHandle,
}

pub(crate) fn serve() -> Server {
    serve_with(&[])
}

/// A server with settings of the test's choice, written as flags.
pub(crate) fn serve_with(flags: &[&str]) -> Server {
    serve_on(&database::sqlite(Begun::World).url, flags)
}

pub(crate) fn serve_on(url: &str, flags: &[&str]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let config = world::config(url, flags);
    let (send, receive) = std::sync::mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = Arc::new(world::open(config).await);
            let server = http::listen(app, listener).unwrap();
            send.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    Server { url: address, handle: receive.recv().unwrap() }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is sent at once; nobody needs to wait for its end.
        drop(self.handle.stop(false));
    }
}
