//! A request for a page, with its fields, the signed-in user, and their language.

mod session;

use std::{cell::Cell, future::Future, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use askama::Template;
use doorward_application::{
    Application, Caller, account::check_link::CheckLinkError, sessions::renew::Renewed,
    sign_in::complete::SignedIn,
};
use doorward_domain::{
    UserId,
    ports::{Bucket, Limit, RetryAfter},
    token::{
        AccessToken, PlainToken,
        one_time::{LinkState, OneTimePurpose},
    },
};
use futures::future::LocalBoxFuture;
use time::OffsetDateTime;

use super::{
    PageError, Pages,
    form::{Fields, Form},
    frame::Frame,
    notices::{self, Notice},
    same_origin,
    texts::Texts,
};
use crate::http::{
    error::ApiError,
    request::{RequestState, count, path_parameter, receive},
    state::State,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The result of a handler.
pub(super) type PageResult = Result<HttpResponse, PageError>;

/// A request for a page.
pub(crate) struct PageRequest {
    call: RequestState,
    pages: Arc<Pages>,
    /// The texts in the language of the user.
    pub(super) texts: &'static Texts,
    /// The fields of the form, or of the query if there is no form.
    pub(super) fields: Fields,
    /// The signed-in user.
    pub(super) caller: Option<Arc<Caller>>,
    /// The device token of an earlier sign-in.
    pub(super) device: Option<PlainToken>,
    excess: Cell<Excess>,
    /// Whether the form was refused.
    is_refused: Cell<bool>,
}

/// Why a browser's session ends.
#[derive(Clone, Copy)]
pub(super) enum Ended {
    /// The user signed out.
    SignedOut,
    /// The user signed in again.
    Replaced,
}

/// Whether a form exceeds the rate limit. Such a form is not processed, but shown again with its values.
#[derive(Clone, Copy)]
enum Excess {
    /// The form is within the limit.
    No,
    /// The form exceeds the limit, and the response doesn't say so yet.
    Untold(RetryAfter),
    /// The form exceeds the limit, and the response says so. Use cases that its page runs count as another request.
    Told,
}

/// The user and the language, stored in the request's extensions for error pages.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    pub(super) texts: &'static Texts,
    pub(super) caller: Option<Arc<Caller>>,
}

/// The number of seconds after which a form may be sent again, stored in the request's extensions until the response is
/// created.
#[derive(Clone, Copy)]
pub(super) struct RetryAfterHint(pub(super) u64);

/// The values of a form, stored in the request's extensions for error pages.
pub(super) struct Typed(pub(super) Fields);

/// A request for a page that requires a signed-in user.
pub(crate) struct SignedInPage {
    pub(super) visit: PageRequest,
    pub(super) caller: Arc<Caller>,
}

impl FromRequest for PageRequest {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async {
            let mut call = receive(request, payload).await?;
            let pages = pages(&call.state)?;
            let is_form = call.request.method() == Method::POST;
            // Checked before the form is counted, or other sites could use up the rate limits of their visitors.
            if is_form && !same_origin::is_own(&call.request, &pages.public_url)
                || !is_form && same_origin::is_embedded(&call.request)
            {
                return Err(PageError::CrossOrigin);
            }
            let excess = match count(&mut call).await {
                Err(retry) if is_form => Excess::Untold(retry),
                Err(retry) => return Err(ApiError::RateLimited(retry).into()),
                Ok(()) => Excess::No,
            };
            let encoded =
                if is_form { &*call.body } else { call.request.query_string().as_bytes() };
            let fields = Fields::parse(encoded);
            if is_form {
                call.request.extensions_mut().insert(Typed(fields.clone()));
            }
            let sent = pages.cookies.read(&call.request);
            let caller = session::recognise(&call, &pages, &sent).await?.map(Arc::new);
            let chosen = caller.as_ref().and_then(|caller| caller.user.profile.locale.as_ref());
            let texts = Texts::of(chosen, &call.request, &pages.default_locale);
            call.request.extensions_mut().insert(Viewer { texts, caller: caller.clone() });
            let (excess, is_refused) = (Cell::new(excess), Cell::new(false));
            Ok(Self { call, pages, texts, fields, caller, device: sent.device, excess, is_refused })
        })
    }
}

impl FromRequest for SignedInPage {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = PageRequest::from_request(request, payload);
        Box::pin(async {
            let visit = visit.await?;
            match visit.caller.clone() {
                Some(caller) => Ok(Self { visit, caller }),
                None => Err(PageError::SignInFirst),
            }
        })
    }
}

/// Returns the state of the pages. Its routes exist only if pages are enabled.
pub(super) fn pages(state: &State) -> Result<Arc<Pages>, ApiError> {
    state.pages.clone().ok_or(ApiError::NotFound)
}

impl PageRequest {
    /// Returns the frame of the page.
    pub(super) fn frame(&self) -> Frame {
        let caller = self.caller.as_deref();
        let notice = notices::take(&self.pages, &self.call.request, self.user_id(), self.now());
        Frame::new(self.pages.clone(), self.texts, caller, self.call.request.path())
            .with_notice(notice)
            .refused(self.is_refused.get())
    }

    /// Returns `true` if the form exceeds the rate limit and is not processed.
    pub(super) fn is_excess(&self) -> bool {
        !matches!(self.excess.get(), Excess::No)
    }

    /// Returns the name of the service.
    pub(super) fn service_name(&self) -> &str {
        &self.pages.theme.service_name
    }

    /// Returns the client that sent the request.
    pub(super) fn client(&self) -> doorward_domain::request_context::RequestContext {
        self.call.client.clone()
    }

    /// Returns when to retry, if only a device that the account knows may sign in.
    pub(super) fn over_limit(&self) -> Option<RetryAfter> {
        self.call.over_limit
    }

    /// Returns a parameter of the path.
    pub(super) fn path(&self, name: &str) -> String {
        path_parameter(&self.call.request, name)
    }

    /// Returns `true` if users can sign in only after they have verified their email address.
    pub(super) fn requires_verified_email(&self) -> bool {
        self.pages.requires_verified_email
    }

    /// Returns `true` if users may register without an invite.
    pub(super) fn registration_is_open(&self) -> bool {
        self.call.state.allow_registration
    }

    /// Runs a use case; see [`State::run`]. If the form exceeds the rate limit, fails without running it until
    /// [`Self::refuse`] has been called.
    pub(super) async fn run<T, E, F>(
        &self,
        use_case: impl FnOnce(Arc<Application>) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        match self.excess.get() {
            Excess::No => {}
            Excess::Untold(retry) => return Err(ApiError::RateLimited(retry)),
            Excess::Told => {
                let network = self.call.client.ip_prefix();
                let buckets = Bucket::of_network(Limit::Other, "", network);
                let taken = self.call.state.ports.limiter.take_any(vec![buckets]).await;
                taken.map_err(ApiError::RateLimited)?;
            }
        }
        self.call.state.run(use_case).await
    }

    /// Returns the form with its errors. `rejected` is the message for wrong credentials.
    pub(super) fn refuse(&self, error: ApiError, rejected: &str) -> Result<Form, PageError> {
        self.is_refused.set(true);
        let error = match self.excess.get() {
            Excess::Untold(retry) => {
                self.excess.set(Excess::Told);
                ApiError::RateLimited(retry)
            }
            Excess::No | Excess::Told => error,
        };
        error.log(self.now());
        if let Some(seconds) = error.retry_after() {
            self.call.request.extensions_mut().insert(RetryAfterHint(seconds));
        }
        Ok(Form::refused(self.fields.clone(), error, rejected, self.texts)?)
    }

    /// Returns the form with an error at one field that only this page detects.
    pub(super) fn mistaken(&self, field: &str, text: &str) -> Form {
        self.is_refused.set(true);
        Form::mistaken(self.fields.clone(), field, text, self.texts)
    }

    /// Returns a page as the response.
    pub(super) fn show(&self, status: StatusCode, page: &impl Template) -> PageResult {
        render(status, page)
    }

    /// Returns `true` if the user is signed in and has verified their email address.
    pub(super) fn is_verified(&self) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.user.is_verified())
    }

    /// Returns the state of the emailed link whose token is among the fields.
    pub(super) async fn link_state(&self, purpose: OneTimePurpose) -> Result<LinkState, ApiError> {
        let token = self.fields.text("token").to_owned();
        self.run(|app| async move { app.account.check_link.run(purpose, &token).await }).await
    }

    fn user_id(&self) -> Option<UserId> {
        self.caller.as_ref().map(|caller| caller.user.id)
    }

    fn now(&self) -> OffsetDateTime {
        self.call.state.ports.clock.now()
    }

    /// Stores a notice that a page shows once, to the user who will see it.
    pub(super) fn notify(&self, path: &str, user: Option<UserId>, notice: Notice) {
        notices::show(&self.pages, &self.call.request, (path, user), notice, self.now());
    }

    /// Redirects to another page of this server, which shows a notice once.
    pub(super) fn go_with(&self, path: &str, notice: Notice) -> PageResult {
        self.notify(path, self.user_id(), notice);
        self.redirect(path)
    }

    /// Redirects to another page of this server.
    pub(super) fn redirect(&self, path: &str) -> PageResult {
        Ok(see_other(&self.pages, path)?)
    }

    /// Replaces the browser's session by a new one, and redirects.
    pub(super) async fn signed_in(&self, signed_in: &SignedIn, path: &str) -> PageResult {
        let session =
            self.call.state.application.sessions.refresh.for_browser(&signed_in.tokens.refresh);
        let session = session.map_err(ApiError::internal)?;
        let SignedIn { tokens, device_token, .. } = signed_in;
        self.pages.cookies.open(&self.call.request, &tokens.access, &session, device_token);
        self.end_session(Ended::Replaced).await;
        self.redirect(path)
    }

    /// Replaces the browser's session by the new one that replaced all others.
    pub(super) fn renewed(
        &self,
        Renewed { tokens, device_token }: &Renewed,
    ) -> Result<(), ApiError> {
        let session = self.call.state.application.sessions.refresh.for_browser(&tokens.refresh);
        let session = session.map_err(ApiError::internal)?;
        self.pages.cookies.open(&self.call.request, &tokens.access, &session, device_token);
        Ok(())
    }

    /// Sets the token of the device on which the password was reset.
    pub(super) fn keep_device(&self, device: &PlainToken) {
        self.pages.cookies.device(&self.call.request, device);
    }

    /// Sets an access token for another organization.
    pub(super) fn switched(&self, access: &AccessToken) {
        self.pages.cookies.access(&self.call.request, access);
    }

    /// Ends the session of the request, if there is one. Errors are ignored, because the operation has succeeded: the
    /// user can still revoke the session, and it expires.
    pub(super) async fn end_session(&self, how: Ended) {
        let Some(caller) = self.caller.clone() else { return };
        let ended = self.run(|app| async move {
            match how {
                Ended::SignedOut => app.sessions.logout.run(&caller).await,
                Ended::Replaced => app.sessions.logout.replaced(&caller).await,
            }
        });
        let ended = ended.await;
        if let Err(error) = ended {
            error.log(self.now());
        }
    }

    /// Removes the cookies of the session, and redirects.
    pub(super) fn left(&self, path: &str) -> PageResult {
        self.pages.cookies.forget(&self.call.request);
        let mut response = self.redirect(path)?;
        if let Some(directives) = self.pages.data_to_clear() {
            response.headers_mut().insert(CLEAR_SITE_DATA, directives);
        }
        Ok(response)
    }

    /// Removes the cookies of the session, and redirects to a page that shows a notice once.
    pub(super) fn signed_out(&self, path: &str, notice: Notice) -> PageResult {
        self.notify(path, None, notice);
        self.left(path)
    }
}

impl From<CheckLinkError> for ApiError {
    fn from(CheckLinkError::Failure(failure): CheckLinkError) -> Self {
        failure.into()
    }
}

/// Renders a page as a response.
pub(super) fn render(status: StatusCode, page: &impl Template) -> PageResult {
    let body = page.render().map_err(ApiError::internal)?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body))
}

/// Returns a redirect (303) to another page of this server.
pub(super) fn see_other(pages: &Pages, path: &str) -> Result<HttpResponse, ApiError> {
    let location = HeaderValue::try_from(format!("{}{path}", pages.base));
    let location = location.map_err(ApiError::internal)?;
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish())
}
