//! The public keys with which other services verify access tokens.

use actix_web::{HttpResponse, http::header, web};

use crate::http::state::State;

/// Returns the public keys (RFC 7517). They can be cached, because each key is published before it is used to sign.
pub(crate) async fn jwks(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(state.keys.jwks(state.ports.clock.now()))
}
