//! What other services need to verify access tokens by themselves.

use actix_web::{HttpResponse, http::header, web};

use crate::state::State;

/// The public keys (RFC 7517). They may be kept for a while: a key is published before it signs.
pub(crate) async fn jwks(state: web::Data<State>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(state.keys.jwks(state.ports.clock.now()))
}
