//! A request for a page: what it says, who sends it, and which language they read.

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
    Application, Caller, check_link::CheckLinkError, register::SignedIn, renew::Renewed,
};
use doorward_domain::{
    UserId,
    one_time_token::{LinkState, OneTimePurpose},
    ports::{Bucket, Limit, RetryAfter},
    token::{AccessToken, PlainToken},
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
use crate::{
    error::ApiError,
    extract::{Call, path_parameter, receive},
    state::State,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// What a handler answers.
pub(super) type Answer = Result<HttpResponse, PageError>;

/// A request for a page.
pub(crate) struct Visit {
    call: Call,
    pages: Arc<Pages>,
    /// What the person reads.
    pub(super) texts: &'static Texts,
    /// The fields of the form, or those of the query where there is none.
    pub(super) fields: Fields,
    /// The person, if they are signed in.
    pub(super) caller: Option<Arc<Caller>>,
    /// The device token of an earlier sign-in.
    pub(super) device: Option<PlainToken>,
    excess: Cell<Excess>,
    /// Whether the form was refused.
    is_refused: Cell<bool>,
}

/// Whether a form is one too many. Nothing is done for such a form, but it is shown again with what was typed.
#[derive(Clone, Copy)]
enum Excess {
    /// It is not.
    No,
    /// It is, and the user has not been told yet.
    Untold(RetryAfter),
    /// It is, and the user is told. What its page reads is counted as another request.
    Told,
}

/// Who reads, in the request's extensions for the page that says what went wrong.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) texts: &'static Texts,
    pub(super) caller: Option<Arc<Caller>>,
}

/// After how many seconds a form may be sent again, in the request's extensions until there is an answer.
#[derive(Clone, Copy)]
pub(super) struct ComeBack(pub(super) u64);

/// What was typed into a form, in the request's extensions for the page that says what went wrong.
pub(super) struct Typed(pub(super) Fields);

/// A request for a page that is only there for people who are signed in.
pub(crate) struct Member {
    pub(super) visit: Visit,
    pub(super) caller: Arc<Caller>,
}

impl FromRequest for Visit {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async {
            let call = receive(request, payload).await?;
            let pages = pages(&call.state)?;
            let is_form = call.request.method() == Method::POST;
            // Before it is counted: else other sites could use up what their visitors may do here.
            if is_form && !same_origin::is_own(&call.request, &pages.public_url)
                || !is_form && same_origin::is_embedded(&call.request)
            {
                return Err(PageError::Foreign);
            }
            let excess = match call.count().await {
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
            call.request.extensions_mut().insert(Reader { texts, caller: caller.clone() });
            let (excess, is_refused) = (Cell::new(excess), Cell::new(false));
            Ok(Self { call, pages, texts, fields, caller, device: sent.device, excess, is_refused })
        })
    }
}

impl FromRequest for Member {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload);
        Box::pin(async {
            let visit = visit.await?;
            match visit.caller.clone() {
                Some(caller) => Ok(Self { visit, caller }),
                None => Err(PageError::SignInFirst),
            }
        })
    }
}

/// The pages, which are there where their routes are.
pub(super) fn pages(state: &State) -> Result<Arc<Pages>, ApiError> {
    state.pages.clone().ok_or(ApiError::NotFound)
}

impl Visit {
    /// What every page has.
    pub(super) fn frame(&self) -> Frame {
        let caller = self.caller.as_deref();
        let notice = notices::take(&self.pages, &self.call.request, self.user_id(), self.now());
        Frame::new(self.pages.clone(), self.texts, caller, self.call.request.path())
            .with_notice(notice)
            .refused(self.is_refused.get())
    }

    /// Whether the form is one too many, so that nothing is done for it.
    pub(super) fn is_excess(&self) -> bool {
        !matches!(self.excess.get(), Excess::No)
    }

    /// What the service is called.
    pub(super) fn service_name(&self) -> &str {
        &self.pages.theme.service_name
    }

    /// Who asks.
    pub(super) fn client(&self) -> doorward_domain::client::Client {
        self.call.client.clone()
    }

    /// A part of the path.
    pub(super) fn path(&self, name: &str) -> String {
        path_parameter(&self.call.request, name)
    }

    /// Whether an account can be signed in to only once its address is verified.
    pub(super) fn requires_verified_email(&self) -> bool {
        self.pages.requires_verified_email
    }

    /// Whether everybody may make an account.
    pub(super) fn registration_is_open(&self) -> bool {
        self.call.state.allow_registration
    }

    /// Runs a use case; see [`State::run`]. For a form that is one too many, none is run.
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
                let network = self.call.client.network();
                let buckets = Bucket::of_network(Limit::Other, "", network);
                let taken = self.call.state.ports.limiter.take_any(vec![buckets]).await;
                taken.map_err(ApiError::RateLimited)?;
            }
        }
        self.call.state.run(use_case).await
    }

    /// The form again, with what is wrong with it. `rejected` is said where the credential is.
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
            self.call.request.extensions_mut().insert(ComeBack(seconds));
        }
        Ok(Form::refused(self.fields.clone(), error, rejected, self.texts)?)
    }

    /// The form again, with what only this page finds wrong with one of its fields.
    pub(super) fn mistaken(&self, field: &str, text: &str) -> Form {
        self.is_refused.set(true);
        Form::mistaken(self.fields.clone(), field, text, self.texts)
    }

    /// Answers with a page.
    pub(super) fn show(&self, status: StatusCode, page: &impl Template) -> Answer {
        render(status, page)
    }

    /// Whether the user is signed in and has verified the account's address.
    pub(super) fn is_verified(&self) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.user.is_verified())
    }

    /// What the mailed link can do whose token is among the fields.
    pub(super) async fn link_state(&self, purpose: OneTimePurpose) -> Result<LinkState, ApiError> {
        let token = self.fields.text("token").to_owned();
        self.run(|app| async move { app.check_link.run(purpose, &token).await }).await
    }

    fn user_id(&self) -> Option<UserId> {
        self.caller.as_ref().map(|caller| caller.user.id)
    }

    fn now(&self) -> OffsetDateTime {
        self.call.state.ports.clock.now()
    }

    /// Has a page say once what was done, to the user who will look at it.
    pub(super) fn tell(&self, path: &str, user: Option<UserId>, notice: Notice) {
        notices::tell(&self.pages, &self.call.request, (path, user), notice, self.now());
    }

    /// Leads to another page of this server, which says once what was done.
    pub(super) fn go_with(&self, path: &str, notice: Notice) -> Answer {
        self.tell(path, self.user_id(), notice);
        self.go(path)
    }

    /// Leads to another page of this server.
    pub(super) fn go(&self, path: &str) -> Answer {
        Ok(see_other(&self.pages, path)?)
    }

    /// Keeps the session that was opened in the place of the one before, and leads on.
    pub(super) async fn signed_in(&self, signed_in: &SignedIn, path: &str) -> Answer {
        let session = self.call.state.application.refresh.for_browser(&signed_in.tokens.refresh);
        let session = session.map_err(ApiError::internal)?;
        let SignedIn { tokens, device_token, .. } = signed_in;
        self.pages.cookies.open(&self.call.request, &tokens.access, &session, device_token);
        self.end_session().await;
        self.go(path)
    }

    /// Keeps the session that was opened in the place of all others.
    pub(super) fn renewed(
        &self,
        Renewed { tokens, device_token }: &Renewed,
    ) -> Result<(), ApiError> {
        let session = self.call.state.application.refresh.for_browser(&tokens.refresh);
        let session = session.map_err(ApiError::internal)?;
        self.pages.cookies.open(&self.call.request, &tokens.access, &session, device_token);
        Ok(())
    }

    /// Keeps the token of the device that a password was reset on.
    pub(super) fn keep_device(&self, device: &PlainToken) {
        self.pages.cookies.device(&self.call.request, device);
    }

    /// Keeps an access token for another organisation.
    pub(super) fn switched(&self, access: &AccessToken) {
        self.pages.cookies.access(&self.call.request, access);
    }

    /// Ends the session that the request came with, if it did. That this fails is no reason to fail what has
    /// been done: the session is in the list, and ends by itself.
    pub(super) async fn end_session(&self) {
        let Some(caller) = self.caller.clone() else { return };
        let ended = self.run(|app| async move { app.logout.run(&caller).await }).await;
        if let Err(error) = ended {
            error.log(self.now());
        }
    }

    /// Forgets the session, and leads on.
    pub(super) fn left(&self, path: &str) -> Answer {
        self.pages.cookies.forget(&self.call.request);
        let mut response = self.go(path)?;
        if let Some(directives) = self.pages.data_to_clear() {
            response.headers_mut().insert(CLEAR_SITE_DATA, directives);
        }
        Ok(response)
    }

    /// Forgets the session, and leads on to a page that says once what was done.
    pub(super) fn signed_out(&self, path: &str, notice: Notice) -> Answer {
        self.tell(path, None, notice);
        self.left(path)
    }
}

impl From<CheckLinkError> for ApiError {
    fn from(CheckLinkError::Failure(failure): CheckLinkError) -> Self {
        failure.into()
    }
}

/// A page as an answer.
pub(super) fn render(status: StatusCode, page: &impl Template) -> Answer {
    let body = page.render().map_err(ApiError::internal)?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body))
}

/// An answer that leads to another page of this server.
pub(super) fn see_other(pages: &Pages, path: &str) -> Result<HttpResponse, ApiError> {
    let location = HeaderValue::try_from(format!("{}{path}", pages.base));
    let location = location.map_err(ApiError::internal)?;
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish())
}
