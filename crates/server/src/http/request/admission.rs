//! The checks before a handler, always in this order: body size, origin, rate limit, authentication, validation.
//!
//! Requests that a cross-origin page can make its visitors' browsers send are rejected before they are counted, so that
//! the page can't use up its visitors' limits: cross-origin requests, and bodies that are not JSON, which browsers send
//! without a preflight request.

use std::sync::Arc;

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web::{self, Bytes, BytesMut},
};
use doorward_application::{Application, Caller, access::authenticate::AuthenticateError};
use doorward_domain::{
    ports::{Limit, RetryAfter},
    request_context::RequestContext,
};
use futures::{StreamExt, future::LocalBoxFuture};
use tokio::time::timeout;
use tracing::{Span, field};

use super::{body::Body, budget, client::client};
use crate::http::{
    access::{Access, Policy},
    connections::Watch,
    describe::InputDoc,
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

/// A request that needs no authentication.
pub(crate) struct Public<I = ()> {
    pub(crate) call: RequestState,
    pub(crate) input: I,
}

/// A request of a user who is signed in.
pub(crate) struct Authenticated<I = ()> {
    pub(crate) call: RequestState,
    pub(crate) caller: Arc<Caller>,
    pub(crate) input: I,
}

/// The input of a request: its path, query, headers, and body, without its credential.
pub(crate) trait Input: Sized + 'static {
    /// Reads and validates the input. All problems are reported at once.
    fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, ApiError>;

    /// Returns the documentation of the input in the OpenAPI document.
    fn describe() -> InputDoc;
}

/// A request without input.
impl Input for () {
    fn read(_: &HttpRequest, _: &[u8]) -> Result<Self, ApiError> {
        Ok(())
    }

    fn describe() -> InputDoc {
        InputDoc::default()
    }
}

/// Two inputs. If the first one is invalid, the second one is not read.
impl<A: Input, B: Input> Input for (A, B) {
    fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, ApiError> {
        Ok((A::read(request, body)?, B::read(request, body)?))
    }

    fn describe() -> InputDoc {
        A::describe().and(B::describe())
    }
}

impl<B: Body + 'static> Input for B {
    fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, ApiError> {
        super::body::read(request.headers().get(header::CONTENT_TYPE), body)
    }

    fn describe() -> InputDoc {
        InputDoc::body::<B>()
    }
}

/// The argument of a handler: who may send the request, and its input.
pub(crate) trait EndpointInput: FromRequest {
    const ACCESS: Access;
    type Input: Input;
}

impl<I: Input> EndpointInput for Public<I> {
    const ACCESS: Access = Access::Anybody;
    type Input = I;
}

impl<I: Input> EndpointInput for Authenticated<I> {
    const ACCESS: Access = Access::Bearer;
    type Input = I;
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

    fn read<I: Input>(&self) -> Result<I, ApiError> {
        I::read(&self.request, &self.body)
    }

    /// Counts the request against its rate limit. On error, the request must not be processed; the
    /// response may only report when to retry.
    pub(crate) async fn count(&mut self) -> Result<(), RetryAfter> {
        self.over_limit = budget::spend(self).await?;
        Ok(())
    }

    /// Rejects a request of a cross-origin page whose origin is not allowed.
    fn expect_allowed_origin(&self) -> Result<(), ApiError> {
        self.state.cors.expect_allowed(self.request.method(), self.request.headers())
    }

    /// Returns `true` if a page of any origin could have made a browser send this without a preflight request, even if
    /// the browser doesn't report it: a `POST` with neither JSON nor a credential (Fetch standard, CORS-safelisted).
    fn is_simple(&self) -> bool {
        let headers = self.request.headers();
        *self.request.method() == Method::POST
            && !headers.contains_key(header::AUTHORIZATION)
            && (self.body.is_empty() || !super::body::is_json(headers.get(header::CONTENT_TYPE)))
    }
}

impl<I: Input> FromRequest for Public<I> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = receive(request.clone(), payload.take());
        Box::pin(async {
            let mut call = call.await?;
            call.expect_allowed_origin()?;
            // A body that is not JSON is rejected before the request is counted.
            let read = call.is_simple().then(|| call.read()).transpose()?;
            call.count().await.map_err(ApiError::RateLimited)?;
            let input = read.map_or_else(|| call.read(), Ok)?;
            Ok(Self { call, input })
        })
    }
}

impl<I: Input> FromRequest for Authenticated<I> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = receive(request.clone(), payload.take());
        Box::pin(async {
            let mut call = call.await?;
            call.expect_allowed_origin()?;
            if call.is_simple() {
                bearer(&call.request)?;
            }
            call.count().await.map_err(ApiError::RateLimited)?;
            let caller = Arc::new(authenticate(&call).await?);
            let input = call.read()?;
            Ok(Self { call, caller, input })
        })
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

async fn authenticate(call: &RequestState) -> Result<Caller, ApiError> {
    let token = bearer(&call.request)?.to_owned();
    let client = call.client.clone();
    let found = call.run(|app| async move { app.access.authenticate.run(&token, client).await });
    let caller = found.await?;
    Span::current().record("user_id", field::display(caller.user.id));
    Ok(caller)
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

impl From<AuthenticateError> for ApiError {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Rejected => Self::Unauthenticated(Credential::AccessToken),
            AuthenticateError::Failure(failure) => failure.into(),
        }
    }
}
