//! The checks that come before a handler, always in this order: body size, limit, authentication,
//! validation.

use std::sync::Arc;

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web::{self, Bytes, BytesMut},
};
use doorward_application::{Application, Caller, authenticate::AuthenticateError};
use doorward_domain::{
    client::Client,
    ports::{Bucket, RetryAfter},
};
use futures::{StreamExt, future::LocalBoxFuture};
use tokio::time::timeout;
use tracing::{Span, field};

use super::{body::Body, client::client};
use crate::{
    error::ApiError,
    openapi::InputDoc,
    routes::{Access, Policy},
    state::State,
};

/// The greatest size of a body, in bytes.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

/// A request that is let in.
pub(crate) struct Call {
    pub(crate) state: web::Data<State>,
    pub(crate) client: Client,
    pub(crate) request: HttpRequest,
    pub(crate) body: Bytes,
}

/// A request that anybody may make.
pub(crate) struct Guest<I = ()> {
    pub(crate) call: Call,
    pub(crate) input: I,
}

/// A request of a person who is signed in.
pub(crate) struct Signed<I = ()> {
    pub(crate) call: Call,
    pub(crate) caller: Arc<Caller>,
    pub(crate) input: I,
}

/// What a request says beside its address and its credential.
pub(crate) trait Input: Sized + 'static {
    /// Reads it leniently, and judges all of it.
    fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, ApiError>;

    /// What the OpenAPI document says of it.
    fn describe() -> InputDoc;
}

/// A request that says nothing.
impl Input for () {
    fn read(_: &HttpRequest, _: &[u8]) -> Result<Self, ApiError> {
        Ok(())
    }

    fn describe() -> InputDoc {
        InputDoc::default()
    }
}

/// Both, and the faults of the first one first.
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

/// What a handler takes: who may send it, and what it says.
pub(crate) trait Admission: FromRequest {
    const ACCESS: Access;
    type Input: Input;
}

impl<I: Input> Admission for Guest<I> {
    const ACCESS: Access = Access::Anybody;
    type Input = I;
}

impl<I: Input> Admission for Signed<I> {
    const ACCESS: Access = Access::Bearer;
    type Input = I;
}

impl Call {
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
}

impl<I: Input> FromRequest for Guest<I> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = admit(request.clone(), payload.take());
        Box::pin(async {
            let call = call.await?;
            let input = call.read()?;
            Ok(Self { call, input })
        })
    }
}

impl<I: Input> FromRequest for Signed<I> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = admit(request.clone(), payload.take());
        Box::pin(async {
            let call = call.await?;
            let caller = Arc::new(authenticate(&call).await?);
            let input = call.read()?;
            Ok(Self { call, caller, input })
        })
    }
}

/// Reads a request's body, and lets it in where it is not too large and not one too many.
pub(crate) async fn admit(request: HttpRequest, payload: Payload) -> Result<Call, ApiError> {
    match receive(request, payload).await? {
        (call, None) => Ok(call),
        (_, Some(retry)) => Err(ApiError::RateLimited(retry)),
    }
}

/// Reads a request's body and counts the request. A request that is one too many comes with the time to wait,
/// and nothing may be done for it but to say so.
pub(crate) async fn receive(
    request: HttpRequest,
    payload: Payload,
) -> Result<(Call, Option<RetryAfter>), ApiError> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let state = state.ok_or_else(|| ApiError::internal("the route has no state"))?;
    let policy = request.app_data::<web::Data<Policy>>();
    let policy = policy.ok_or_else(|| ApiError::internal("the route has no policy"))?;
    let limit = policy.limit(request.method());
    let body = if matches!(*request.method(), Method::GET | Method::HEAD) {
        Bytes::new()
    } else {
        let read = timeout(state.body_timeout, read(&request, payload)).await;
        read.map_err(|_late| ApiError::BodyTooSlow)??
    };
    let client = client(&request, &state);
    let buckets = Bucket::of_network(limit, "", client.network());
    let refused = state.ports.limiter.take_any(vec![buckets]).await.err();
    Ok((Call { state, client, request, body }, refused))
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
        // The client went away in the middle: nobody reads the answer.
        let chunk = chunk.map_err(|_gone| ApiError::BodyTooSlow)?;
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn authenticate(call: &Call) -> Result<Caller, ApiError> {
    let token = bearer(&call.request)?.to_owned();
    let client = call.client.clone();
    let found = call.run(|app| async move { app.authenticate.run(&token, client).await });
    let caller = found.await?;
    Span::current().record("user_id", field::display(caller.user.id));
    Ok(caller)
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
fn bearer(request: &HttpRequest) -> Result<&str, ApiError> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(header) = headers.next() else {
        return Err(ApiError::Unauthenticated { token_was_sent: false });
    };
    let refused = ApiError::Unauthenticated { token_was_sent: true };
    // A proxy might have judged the other one.
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
            AuthenticateError::Rejected => Self::Unauthenticated { token_was_sent: true },
            AuthenticateError::Failure(failure) => failure.into(),
        }
    }
}
