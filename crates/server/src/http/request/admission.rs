//! The checks before a handler, always in this order: body size, origin, rate limit, authentication, validation.
//!
//! Requests that a cross-origin page can make its visitors' browsers send are rejected before they are counted, so that
//! the page can't use up its visitors' limits: cross-origin requests, and bodies that are not JSON, which browsers send
//! without a preflight request.

use std::sync::Arc;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use doorward_application::{Caller, access::authenticate::AuthenticateError};
use futures::future::LocalBoxFuture;
use tracing::{Span, field};

use super::{
    body::Body,
    budget,
    received::{RequestState, bearer, receive},
};
use crate::http::{
    access::Access,
    describe::InputDoc,
    error::{ApiError, Credential},
};

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

impl<I: Input> FromRequest for Public<I> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = receive(request.clone(), payload.take());
        Box::pin(async {
            let mut call = call.await?;
            call.expect_allowed_origin()?;
            // A body that is not JSON is rejected before the request is counted.
            let read = call.is_simple().then(|| I::read(&call.request, &call.body)).transpose()?;
            budget::count(&mut call).await.map_err(ApiError::RateLimited)?;
            let input = read.map_or_else(|| I::read(&call.request, &call.body), Ok)?;
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
            budget::count(&mut call).await.map_err(ApiError::RateLimited)?;
            let caller = Arc::new(authenticate(&call).await?);
            let input = I::read(&call.request, &call.body)?;
            Ok(Self { call, caller, input })
        })
    }
}

async fn authenticate(call: &RequestState) -> Result<Caller, ApiError> {
    let token = bearer(&call.request)?.to_owned();
    let client = call.client.clone();
    let found = call.run(|app| async move { app.access.authenticate.run(&token, client).await });
    let caller = found.await?;
    Span::current().record("user_id", field::display(caller.user.id));
    Ok(caller)
}

impl From<AuthenticateError> for ApiError {
    fn from(error: AuthenticateError) -> Self {
        match error {
            AuthenticateError::Rejected => Self::Unauthenticated(Credential::AccessToken),
            AuthenticateError::Failure(failure) => failure.into(),
        }
    }
}
