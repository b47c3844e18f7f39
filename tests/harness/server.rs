//! A running server, for tests of what goes over the wire.

use std::{net::TcpListener, sync::Arc, thread};

use actix_web::dev::ServerHandle;
use api::http;

use super::{World, begun::Begun, database, world};

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

/// A world's own program behind a port, beside the front door that has none.
pub(crate) struct Served {
    pub url: String,
    handle: ServerHandle,
}

impl Served {
    pub(crate) fn of(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = http::listen(world.app.clone(), listener).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url, handle }
    }

    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

impl AsRef<str> for Served {
    fn as_ref(&self) -> &str {
        &self.url
    }
}

/// Another instance on a world's database, with settings of the test's choice, and its port.
pub(crate) async fn served_with(world: &World, flags: &[&str]) -> (World, Served) {
    let other = World::open_with(world.another_look(), flags).await;
    let served = Served::of(&other);
    (other, served)
}
