//! Whoever looks at a page or sends a form: what they say, who they are, and which language they read.

use std::{future::Future, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
};
use askama::Template;
use doorward_application::{
    Application, Caller, authenticate::AuthenticateError, refresh::RefreshError, register::SignedIn,
};
use doorward_domain::token::{AccessToken, PlainToken};
use futures::future::LocalBoxFuture;
use tracing::{Span, field};

use super::{
    PageError, Pages, cookies::Sent, form::Fields, form::Form, frame::Frame, same_origin,
    texts::Texts,
};
use crate::{
    error::ApiError,
    extract::{Call, admit, path_parameter},
    state::State,
};

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
}

/// Who reads, in the request's extensions for the page that says what went wrong.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) texts: &'static Texts,
    pub(super) is_signed_in: bool,
}

/// After how many seconds a form may be sent again, in the request's extensions until there is an answer.
#[derive(Clone, Copy)]
pub(super) struct ComeBack(pub(super) u64);

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
            let call = admit(request, payload).await?;
            let pages = pages(&call.state)?;
            let is_form = call.request.method() == Method::POST;
            if is_form && !same_origin::is_own(&call.request, &pages.public_url) {
                return Err(PageError::Foreign);
            }
            let encoded =
                if is_form { &*call.body } else { call.request.query_string().as_bytes() };
            let fields = Fields::parse(encoded);
            let sent = pages.cookies.read(&call.request);
            let caller = recognise(&call, &pages, &sent).await?.map(Arc::new);
            let chosen = caller.as_ref().and_then(|caller| caller.user.profile.locale.as_ref());
            let texts = Texts::of(chosen, &call.request, &pages.default_locale);
            let is_signed_in = caller.is_some();
            call.request.extensions_mut().insert(Reader { texts, is_signed_in });
            Ok(Self { call, pages, texts, fields, caller, device: sent.device })
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

/// Finds out who a browser is signed in as. An access token that has ended is exchanged for the next
/// one on the way.
async fn recognise(call: &Call, pages: &Pages, sent: &Sent) -> Result<Option<Caller>, ApiError> {
    if let Some(access) = &sent.access
        && let Some(caller) = authenticate(call, access).await?
    {
        return Ok(Some(caller));
    }
    let Some(session) = &sent.session else { return Ok(None) };
    let (token, client) = (session.expose().to_owned(), call.client.clone());
    let resumed = call.state.run(|app| async move {
        match app.refresh.resume(&token, &client).await {
            Ok(access) => Ok(Resumed::Yes(access)),
            // It goes on once the person has done what is asked for.
            Err(RefreshError::Forbidden(_)) => Ok(Resumed::NotYet),
            Err(error @ RefreshError::Failure(_)) => Err(error),
            Err(_over) => Ok(Resumed::Over),
        }
    });
    match resumed.await? {
        Resumed::Yes(access) => {
            pages.cookies.go_on(&call.request, &access, session);
            authenticate(call, &access.token).await
        }
        Resumed::NotYet => Ok(None),
        Resumed::Over => {
            pages.cookies.forget(&call.request);
            Ok(None)
        }
    }
}

/// Whether a browser's session goes on.
enum Resumed {
    Yes(AccessToken),
    NotYet,
    Over,
}

async fn authenticate(call: &Call, access: &PlainToken) -> Result<Option<Caller>, ApiError> {
    let (token, client) = (access.expose().to_owned(), call.client.clone());
    let found = call.state.run(|app| async move {
        match app.authenticate.run(&token, client).await {
            Ok(caller) => Ok(Some(caller)),
            Err(AuthenticateError::Rejected) => Ok(None),
            Err(error @ AuthenticateError::Failure(_)) => Err(error),
        }
    });
    let found = found.await?;
    if let Some(caller) = &found {
        Span::current().record("user_id", field::display(caller.user.id));
    }
    Ok(found)
}

impl Visit {
    /// What every page has.
    pub(super) fn frame(&self) -> Frame {
        let caller = self.caller.as_deref();
        Frame::new(self.pages.clone(), self.texts, caller, self.call.request.path())
            .with_notice(self.fields.text("done"))
    }

    /// Who asks.
    pub(super) fn client(&self) -> doorward_domain::client::Client {
        self.call.client.clone()
    }

    /// A part of the path.
    pub(super) fn path(&self, name: &str) -> String {
        path_parameter(&self.call.request, name)
    }

    /// Whether everybody may make an account.
    pub(super) fn registration_is_open(&self) -> bool {
        self.call.state.allow_registration
    }

    /// Runs a use case; see [`State::run`].
    pub(super) async fn run<T, E, F>(
        &self,
        use_case: impl FnOnce(Arc<Application>) -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Into<ApiError> + Send + 'static,
    {
        self.call.state.run(use_case).await
    }

    /// The form again, with what is wrong with it. `rejected` is said where the credential is.
    pub(super) fn refuse(&self, error: ApiError, rejected: &str) -> Result<Form, PageError> {
        error.log(self.call.state.ports.clock.now());
        if let Some(seconds) = error.retry_after() {
            self.call.request.extensions_mut().insert(ComeBack(seconds));
        }
        Ok(Form::refused(self.fields.clone(), error, rejected, self.texts)?)
    }

    /// Answers with a page.
    pub(super) fn show(&self, status: StatusCode, page: &impl Template) -> Answer {
        render(status, page)
    }

    /// Leads to another page of this server.
    pub(super) fn go(&self, path: &str) -> Answer {
        Ok(see_other(&self.pages, path)?)
    }

    /// Keeps the session that was opened in the place of the one before, and leads on.
    pub(super) async fn signed_in(&self, signed_in: &SignedIn, path: &str) -> Answer {
        let session = self.call.state.application.refresh.for_browser(&signed_in.tokens.refresh);
        let session = session.map_err(ApiError::internal)?;
        self.pages.cookies.open(&self.call.request, signed_in, &session);
        self.end_session().await;
        self.go(path)
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
            error.log(self.call.state.ports.clock.now());
        }
    }

    /// Forgets the session, and leads on.
    pub(super) fn signed_out(&self, path: &str) -> Answer {
        self.pages.cookies.forget(&self.call.request);
        self.go(path)
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
