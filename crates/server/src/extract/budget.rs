//! The rate limit that a request is counted against.

use std::borrow::Cow;

use actix_web::HttpRequest;
use doorward_domain::{
    SessionId,
    ports::{Bucket, Limit, RetryAfter},
    token::TokenPurpose,
};
use serde::Deserialize;

use super::admission::{RequestState, bearer};
use crate::{pages, state::State};

/// Counts a request against the limit of its network. If that is exhausted, a request of a session is counted against
/// the session's own limit, which has the same size, so that other clients behind the same IP address can't block it.
///
/// The session is recognized by a MAC or a signature alone, because nothing is looked up before a request is counted.
///
/// # Errors
/// Returns when to retry if both limits are exhausted.
pub(super) async fn spend(call: &RequestState) -> Result<(), RetryAfter> {
    let RequestState { state, client, request, body, limit } = call;
    let limiter = &state.ports.limiter;
    let network = Bucket::of_network(*limit, "", client.ip_prefix());
    let Err(spent) = limiter.take_any(vec![network]).await else { return Ok(()) };
    let session = match limit {
        Limit::Refresh => refreshed(state, body),
        Limit::Other => signed_in(state, request).or_else(|| pages::session(state, request)),
        // Signed-in users may not try more passwords or send more emails than other users.
        Limit::Register
        | Limit::Login
        | Limit::LoginFailures
        | Limit::LoginReserve
        | Limit::RecognizedHashes
        | Limit::Mail
        | Limit::PasswordCheck => None,
    };
    let Some(session) = session else { return Err(spent) };
    limiter.take(*limit, &format!("session:{session}")).await
}

/// Returns the session of the refresh token in a body.
fn refreshed(state: &State, body: &[u8]) -> Option<SessionId> {
    #[derive(Deserialize)]
    struct Presented<'a> {
        #[serde(borrow)]
        refresh_token: Cow<'a, str>,
    }
    let presented: Presented<'_> = serde_json::from_slice(body).ok()?;
    let token =
        state.ports.opaque_tokens.verify(TokenPurpose::Refresh, &presented.refresh_token)?;
    Some(SessionId::from_uuid(token.id))
}

/// Returns the session of the access token of a request.
fn signed_in(state: &State, request: &HttpRequest) -> Option<SessionId> {
    let token = bearer(request).ok()?;
    let bearer = state.ports.access_tokens.verify(token, state.ports.clock.now()).ok()?;
    Some(bearer.session_id)
}
