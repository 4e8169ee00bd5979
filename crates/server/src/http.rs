//! The HTTP server.

use std::{sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};

use crate::{dev_mail, listener::Listener, metrics, middleware, pages, routes, state::State};

/// How long requests in flight may take once the server is told to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client may take to send the head of a request.
const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection is kept without a request.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Makes the server on a bound socket. It runs once it is awaited.
///
/// # Errors
/// The socket can't be used.
pub fn server(
    state: &Arc<State>,
    listener: impl Into<Listener>,
    workers: usize,
) -> std::io::Result<Server> {
    let Listener { tcp, unix, .. } = listener.into();
    let state = web::Data::from(state.clone());
    let server = HttpServer::new(move || {
        App::new().app_data(state.clone()).wrap(from_fn(middleware::around)).configure(|config| {
            if state.pages.is_some() {
                pages::configure(config);
            }
            if state.mailbox.is_some() {
                dev_mail::configure(config);
            }
            routes::configure(config);
        })
    });
    let server = server
        .workers(workers)
        .client_request_timeout(REQUEST_HEAD_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        // A client that closes its side has gone away, and its password leaves the queue.
        .h1_allow_half_closed(false)
        .shutdown_timeout(SHUTDOWN_TIMEOUT.as_secs())
        .disable_signals();
    let server = tcp.into_iter().try_fold(server, HttpServer::listen)?;
    Ok(unix.into_iter().try_fold(server, HttpServer::listen_uds)?.run())
}

/// Makes the server that tells operators how the other one does.
///
/// # Errors
/// The socket can't be used.
pub fn metrics_server(
    state: &Arc<State>,
    listener: impl Into<Listener>,
) -> std::io::Result<Server> {
    let Listener { tcp, unix, .. } = listener.into();
    let state = web::Data::from(state.clone());
    let app = move || {
        App::new().app_data(state.clone()).route("/metrics", web::get().to(metrics::handle))
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = tcp.into_iter().try_fold(server, HttpServer::listen)?;
    Ok(unix.into_iter().try_fold(server, HttpServer::listen_uds)?.run())
}
