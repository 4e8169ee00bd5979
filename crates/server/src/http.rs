//! The HTTP server.

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_cors::Cors;
use actix_web::{
    App, HttpServer,
    dev::Server,
    http::{Method, header},
    middleware::{Condition, from_fn},
    web,
};

use crate::{metrics, middleware, pages, routes, state::State, wire::DEVICE_TOKEN};

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
    listener: TcpListener,
    workers: usize,
) -> std::io::Result<Server> {
    let state = web::Data::from(state.clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .wrap(Condition::new(!state.cors_origins.is_empty(), cors(&state.cors_origins)))
            .wrap(from_fn(middleware::around))
            .configure(|config| {
                if state.pages.is_some() {
                    pages::configure(config);
                }
                routes::configure(config);
            })
    });
    Ok(server
        .workers(workers)
        .client_request_timeout(REQUEST_HEAD_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        // A client that closes its side has gone away, and its password leaves the queue.
        .h1_allow_half_closed(false)
        .shutdown_timeout(SHUTDOWN_TIMEOUT.as_secs())
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Makes the server that tells operators how the other one does.
///
/// # Errors
/// The socket can't be used.
pub fn metrics_server(state: &Arc<State>, listener: TcpListener) -> std::io::Result<Server> {
    let state = web::Data::from(state.clone());
    let app = move || {
        App::new().app_data(state.clone()).route("/metrics", web::get().to(metrics::handle))
    };
    Ok(HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run())
}

/// Lets browser front ends of the configured origins call the API. There are no cookies, so no
/// credentials are allowed.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .allowed_headers(["x-request-id", DEVICE_TOKEN])
        .expose_headers(["x-request-id", "retry-after", "www-authenticate", DEVICE_TOKEN])
        .max_age(3600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
