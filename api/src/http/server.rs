//! Starts the server, and stops it without failing anybody.
//!
//! Told to stop, the program first says that it is not ready, so that no more requests
//! are sent its way; a little later it closes the door; then it finishes what it has.

use std::{any::Any, io, net::TcpListener, pin::pin, sync::Arc, time::Duration};

use actix_web::{
    App as Routes, HttpServer,
    dev::{Extensions, Server},
    middleware::from_fn,
    rt::net::TcpStream,
    web::Data,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Door, configure, observe};
use crate::app::App;

/// How long a client may leave what we sent it unread, or unacknowledged.
const UNREAD: Duration = Duration::from_secs(30);
/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(5);

/// Answers requests until the program is told to stop (SIGTERM or SIGINT).
pub async fn serve(app: Arc<App>, listener: TcpListener) -> io::Result<()> {
    let shutdown = app.config.shutdown;
    let door = Data::new(Door::new(app).map_err(io::Error::other)?);
    let pause = shutdown / 10;
    let server = start(&door, listener, shutdown.saturating_sub(pause))?;
    let handle = server.handle();
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);

    let mut running = pin!(server);
    tokio::select! {
        ended = &mut running => return ended,
        () = told_to_stop(&door, &mut terminate, &mut interrupt, pause) => {}
    }
    let ((), ended) = tokio::join!(handle.stop(true), running);
    ended
}

/// Answers requests until its handle stops it; for tests, which have no signals to send.
pub fn listen(app: Arc<App>, listener: TcpListener) -> io::Result<Server> {
    let shutdown = app.config.shutdown;
    start(&Data::new(Door::new(app).map_err(io::Error::other)?), listener, shutdown)
}

fn start(door: &Data<Door>, listener: TcpListener, shutdown: Duration) -> io::Result<Server> {
    let config = Arc::clone(&door.app.config);
    let door = door.clone();
    let routes = move || {
        let door = door.clone();
        Routes::new().wrap(from_fn(observe)).configure(move |routes| configure(routes, door))
    };
    let server = HttpServer::new(routes)
        .workers(config.workers)
        .client_request_timeout(HEAD)
        .shutdown_timeout(shutdown.as_secs().max(1))
        .disable_signals()
        .on_connect(bound_unread)
        .listen(listener)?;
    Ok(server.run())
}

/// actix waits for a slow reader for ever; the kernel does not have to.
fn bound_unread(connection: &dyn Any, _: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<TcpStream>() {
        let bounded = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD));
        if let Err(error) = bounded {
            tracing::debug!(%error, "a connection keeps the system's own limits");
        }
    }
}

/// An operator at a keyboard is not made to wait for a load balancer to notice.
async fn told_to_stop(
    door: &Door,
    terminate: &mut Signal,
    interrupt: &mut Signal,
    pause: Duration,
) {
    let notice = tokio::select! {
        _ = terminate.recv() => pause,
        _ = interrupt.recv() => Duration::ZERO,
    };
    door.begin_to_stop();
    tracing::info!("stopping");
    tokio::select! {
        () = tokio::time::sleep(notice) => {}
        _ = interrupt.recv() => {}
    }
}
