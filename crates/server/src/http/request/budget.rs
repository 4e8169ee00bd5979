//! The rate limit that a request is counted against.

use std::borrow::Cow;

use actix_web::HttpRequest;
use doorward_domain::{
    SessionId,
    ports::{Bucket, Limit, RetryAfter},
    token::{PlainToken, TokenPurpose},
};
use serde::Deserialize;
use url::form_urlencoded;

use super::{
    client::device_token,
    received::{RequestState, bearer},
};
use crate::{http::state::State, pages};

/// Counts a request against its rate limit. On error, the request must not be processed; the response may only report
/// when to retry.
pub(crate) async fn count(call: &mut RequestState) -> Result<(), RetryAfter> {
    call.over_limit = spend(call).await?;
    Ok(())
}

/// Counts a request against the limit of its network. If that is exhausted, a request that is recognized is counted
/// against a limit of its own, which has the same size, so that other clients behind the same IP address can't block
/// it. It is recognized by the session of its tokens, by the token of an emailed link, or by its device token.
///
/// A MAC or a signature alone has to show this, because nothing is looked up before a request is counted. A sign-in
/// whose device token is valid is therefore only provisionally allowed: the returned value says when to retry if the
/// account doesn't know the device, or has reached the limit of all its devices together. Otherwise, an attacker with
/// tokens of their own accounts could try more passwords.
///
/// # Errors
/// Returns when to retry if both limits are exhausted.
async fn spend(call: &RequestState) -> Result<Option<RetryAfter>, RetryAfter> {
    let RequestState { state, client, limit, .. } = call;
    let limiter = &state.ports.limiter;
    let network = Bucket::of_network(*limit, "", client.ip_prefix());
    let Err(spent) = limiter.take_any(vec![network]).await else { return Ok(None) };
    let Some(own) = own_budget(call) else { return Err(spent) };
    limiter.take(*limit, &own).await?;
    Ok((*limit == Limit::Login).then_some(spent))
}

/// Returns the key of the limit that only this session, link, or device uses.
fn own_budget(RequestState { state, request, body, limit, .. }: &RequestState) -> Option<String> {
    let session = |id: SessionId| format!("session:{id}");
    match limit {
        Limit::Refresh => refreshed(state, body).map(session),
        Limit::Other => signed_in(state, request)
            .or_else(|| pages::session(state, request))
            .map(session)
            .or_else(|| linked(state, request, body))
            .or_else(|| device(state, request)),
        Limit::Login => device(state, request),
        // Signed-in users may not try more passwords or send more emails than other users.
        Limit::Register
        | Limit::LoginFailures
        | Limit::LoginReserve
        | Limit::RecognizedHashes
        | Limit::Mail
        | Limit::PasswordCheck => None,
    }
}

/// Returns the key of an emailed link whose token is in the body or, for a page, in the query.
fn linked(state: &State, request: &HttpRequest, body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Presented<'a> {
        #[serde(borrow)]
        token: Cow<'a, str>,
    }
    let field = |encoded| {
        let mut fields = form_urlencoded::parse(encoded);
        fields
            .find_map(|(name, value)| (name == "token" || name == "invite_token").then_some(value))
    };
    let token = match serde_json::from_slice(body) {
        Ok(Presented { token }) => Some(token),
        Err(_) => field(body).or_else(|| field(request.query_string().as_bytes())),
    }?;
    let purposes = [TokenPurpose::ResetPassword, TokenPurpose::VerifyEmail, TokenPurpose::Invite];
    let verified = |purpose| state.ports.opaque_tokens.verify(purpose, &token);
    purposes.into_iter().find_map(verified).map(|token| format!("link:{}", token.id))
}

/// Returns the key of the device whose token is in a header or, for a page, in a cookie.
fn device(state: &State, request: &HttpRequest) -> Option<String> {
    let cookie = pages::device(state, request);
    let token = device_token(request).or_else(|| cookie.as_ref().map(PlainToken::expose))?;
    let token = state.ports.opaque_tokens.verify(TokenPurpose::Device, token)?;
    Some(format!("device:{}", token.id))
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
