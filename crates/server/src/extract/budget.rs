//! Whose budget a request is taken from.

use std::borrow::Cow;

use actix_web::HttpRequest;
use doorward_domain::{
    SessionId,
    ports::{Bucket, Limit, RetryAfter},
    token::TokenPurpose,
};
use serde::Deserialize;

use super::admission::{Call, bearer};
use crate::{pages, state::State};

/// Takes a request from the budget of its network. Where that is spent, a request of a session is taken from the
/// session's own, which is as large: others behind the same address can't stop it.
///
/// That it is of a session shows by a MAC or a signature. Nothing is looked up before a request is counted.
///
/// # Errors
/// Both are spent.
pub(super) async fn spend(call: &Call) -> Result<(), RetryAfter> {
    let Call { state, client, request, body, limit } = call;
    let limiter = &state.ports.limiter;
    let network = Bucket::of_network(*limit, "", client.network());
    let Err(spent) = limiter.take_any(vec![network]).await else { return Ok(()) };
    let session = match limit {
        Limit::Refresh => refreshed(state, body),
        Limit::Other => signed_in(state, request).or_else(|| pages::session(state, request)),
        // Who is signed in may not try more passwords, or send more mail, than others.
        Limit::Register
        | Limit::Login
        | Limit::LoginFailures
        | Limit::LoginReserve
        | Limit::Mail
        | Limit::PasswordCheck => None,
    };
    let Some(session) = session else { return Err(spent) };
    limiter.take(*limit, &format!("session:{session}")).await
}

/// The session of a refresh token in a body.
fn refreshed(state: &State, body: &[u8]) -> Option<SessionId> {
    #[derive(Deserialize)]
    struct Presented<'a> {
        #[serde(borrow)]
        refresh_token: Cow<'a, str>,
    }
    let presented: Presented<'_> = serde_json::from_slice(body).ok()?;
    let token = state.ports.opaque_tokens.open(TokenPurpose::Refresh, &presented.refresh_token)?;
    Some(SessionId::from_uuid(token.row))
}

/// The session of an access token.
fn signed_in(state: &State, request: &HttpRequest) -> Option<SessionId> {
    let token = bearer(request).ok()?;
    let bearer = state.ports.access_tokens.verify(token, state.ports.clock.now()).ok()?;
    Some(bearer.session_id)
}
