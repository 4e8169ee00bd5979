//! Requests whose body has been received.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::{Method, header},
    web::{self, Bytes, BytesMut},
};
use doorward_application::Application;
use doorward_domain::{
    ports::{Limit, RetryAfter},
    request_context::RequestContext,
};
use futures::StreamExt;
use tokio::time::timeout;

use super::client::client;
use crate::http::{
    access::Policy,
    connections::Watch,
    error::{ApiError, Credential},
    state::State,
};

/// The maximum size of a body, in bytes.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

/// A request whose body has been received.
pub(crate) struct RequestState {
    pub(super) limit: Limit,
    pub(crate) state: web::Data<State>,
    pub(crate) client: RequestContext,
    pub(crate) request: HttpRequest,
    pub(crate) body: Bytes,
    /// When to retry, if the client's network has reached its limit of sign-ins and the request has a device token.
    /// Whether the account knows the device is checked when it signs in.
    pub(crate) over_limit: Option<RetryAfter>,
}

impl RequestState {
    /// Runs a use case; see [`State::run`].
    pub(crate) async fn run<T, E, F>(
        &self,
        use_case: impl FnOnce(Arc<Application>) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        let outcome = self.state.run(use_case).await;
        let path = |name: &str| super::path_parameter(&self.request, name).into();
        outcome.map_err(|error| super::body::show_what_was_sent(error, &self.body, path))
    }

    /// Rejects a request of a cross-origin page whose origin is not allowed.
    pub(super) fn expect_allowed_origin(&self) -> Result<(), ApiError> {
        self.state.cors.expect_allowed(self.request.method(), self.request.headers())
    }

    /// Returns `true` if a page of any origin could have made a browser send this without a preflight request, even if
    /// the browser doesn't report it: a `POST` with neither JSON nor a credential (Fetch standard, CORS-safelisted).
    pub(super) fn is_simple(&self) -> bool {
        let headers = self.request.headers();
        *self.request.method() == Method::POST
            && !headers.contains_key(header::AUTHORIZATION)
            && (self.body.is_empty() || !super::body::is_json(headers.get(header::CONTENT_TYPE)))
    }
}

/// Reads the body of a request. The request is neither validated nor counted yet.
pub(crate) async fn receive(
    request: HttpRequest,
    payload: Payload,
) -> Result<RequestState, ApiError> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let state = state.ok_or_else(|| ApiError::internal("the route has no state"))?;
    let policy = request.app_data::<web::Data<Policy>>();
    let policy = policy.ok_or_else(|| ApiError::internal("the route has no policy"))?;
    let limit = policy.limit(request.method());
    let body = if matches!(*request.method(), Method::GET | Method::HEAD) {
        Bytes::new()
    } else {
        let _receiving = request.conn_data::<Watch>().map(Watch::receive);
        let read = timeout(state.timeouts.body, read(&request, payload)).await;
        read.map_err(|_late| ApiError::BodyTooSlow)??
    };
    let client = client(&request, &state);
    Ok(RequestState { limit, state, client, request, body, over_limit: None })
}

async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::PayloadTooLarge { limit_bytes: BODY_LIMIT };
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY_LIMIT) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    let mut payload = payload;
    while let Some(chunk) = payload.next().await {
        // The client has disconnected, so the response is never read.
        let chunk = chunk.map_err(|_gone| ApiError::BodyTooSlow)?;
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Returns the token of `Authorization: Bearer` (RFC 6750, section 2.1).
pub(super) fn bearer(request: &HttpRequest) -> Result<&str, ApiError> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(header) = headers.next() else {
        return Err(ApiError::Unauthenticated(Credential::Missing));
    };
    let refused = ApiError::Unauthenticated(Credential::AccessToken);
    // A proxy might have checked the other header.
    if headers.next().is_some() {
        return Err(refused);
    }
    let Some((scheme, token)) = header.to_str().ok().and_then(|text| text.split_once(' ')) else {
        return Err(refused);
    };
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(refused) }
}
