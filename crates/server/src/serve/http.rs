//! The HTTP servers: of the API and the pages, and of the metrics.

use std::{sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};

use crate::{
    dev_mail,
    http::{
        connections::{self, Rules, Watch},
        listener::Listener,
        middleware,
        state::State,
    },
    observability::metrics,
    pages, routes,
};

/// How long in-flight requests may take after a shutdown signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);
/// The maximum number of connections to the metrics server. Collectors need few.
const METRICS_CONNECTIONS: usize = 64;

/// Creates the HTTP server on a bound listener. The server runs once it is awaited.
///
/// # Errors
/// Returns an error if the listener can't be used.
pub fn server(
    state: &Arc<State>,
    listener: impl Into<Listener>,
    workers: usize,
) -> std::io::Result<Server> {
    let Listener { tcp, unix, .. } = listener.into();
    let state = web::Data::from(state.clone());
    let timeouts = state.timeouts;
    let most = connections::per_worker(workers, state.database_connections);
    let rules = Rules { most, patience: timeouts.idle };
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
        .max_connections(rules.most)
        .client_request_timeout(timeouts.head)
        .keep_alive(timeouts.keep_alive)
        .on_connect(move |connection, extensions| {
            Watch::begin(connection, extensions, rules);
        })
        // A client that closes its side has disconnected, which cancels its queued password hash.
        .h1_allow_half_closed(false)
        .shutdown_timeout(SHUTDOWN_TIMEOUT.as_secs())
        .disable_signals();
    let server = tcp.into_iter().try_fold(server, HttpServer::listen)?;
    Ok(unix.into_iter().try_fold(server, HttpServer::listen_uds)?.run())
}

/// Creates the HTTP server for metrics, on a bound listener of its own.
///
/// # Errors
/// Returns an error if the listener can't be used.
pub fn metrics_server(
    state: &Arc<State>,
    listener: impl Into<Listener>,
) -> std::io::Result<Server> {
    let Listener { tcp, unix, .. } = listener.into();
    let rules = Rules { most: METRICS_CONNECTIONS, patience: state.timeouts.idle };
    let state = web::Data::from(state.clone());
    let app = move || {
        App::new().app_data(state.clone()).route("/metrics", web::get().to(metrics::handle))
    };
    let server = HttpServer::new(app)
        .workers(1)
        .max_connections(rules.most)
        .on_connect(move |connection, extensions| {
            Watch::begin(connection, extensions, rules);
        })
        .disable_signals();
    let server = tcp.into_iter().try_fold(server, HttpServer::listen)?;
    Ok(unix.into_iter().try_fold(server, HttpServer::listen_uds)?.run())
}
