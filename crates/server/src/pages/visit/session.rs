//! The session that a browser's cookies continue.

use doorward_application::{
    Caller, access::authenticate::AuthenticateError, sessions::refresh::RefreshError,
};
use doorward_domain::token::{AccessToken, PlainToken};
use tracing::{Span, field};

use crate::{
    http::{error::ApiError, request::RequestState},
    pages::{Pages, cookies::RequestCookies},
};

/// Returns the signed-in user of a browser. Renews an expired access token.
///
/// An access token is accepted only together with the browser's own token of the same session, because access tokens are
/// also sent to other services, and pages issue credentials that last longer.
pub(super) async fn recognise(
    call: &RequestState,
    pages: &Pages,
    sent: &RequestCookies,
) -> Result<Option<Caller>, ApiError> {
    let Some(session) = &sent.session else { return Ok(None) };
    let own = call.state.application.sessions.refresh.session_of_browser(session.expose());
    if let (Some(access), Some(own)) = (&sent.access, own)
        && let Some(caller) = authenticate(call, access).await?
        && caller.session_id == own
    {
        return Ok(Some(caller));
    }
    let (token, client) = (session.expose().to_owned(), call.client.clone());
    let resumed = call.state.run(|app| async move {
        match app.sessions.refresh.resume(&token, &client).await {
            Ok(access) => Ok(Resumed::Yes(access)),
            // The session continues once the user has done what is required.
            Err(RefreshError::Forbidden(_)) => Ok(Resumed::NotYet),
            // Another request of the browser may be renewing its session: its cookies must not be removed.
            Err(RefreshError::JustRenewed) => Ok(Resumed::NotYet),
            Err(error @ RefreshError::Failure(_)) => Err(error),
            Err(_over) => Ok(Resumed::Over),
        }
    });
    match resumed.await? {
        Resumed::Yes(access) => {
            pages.cookies.extend(&call.request, &access, session);
            authenticate(call, &access.token).await
        }
        Resumed::NotYet => Ok(None),
        Resumed::Over => {
            pages.cookies.forget(&call.request);
            Ok(None)
        }
    }
}

/// The outcome of continuing a browser's session.
enum Resumed {
    Yes(AccessToken),
    NotYet,
    Over,
}

async fn authenticate(
    call: &RequestState,
    access: &PlainToken,
) -> Result<Option<Caller>, ApiError> {
    let (token, client) = (access.expose().to_owned(), call.client.clone());
    let found = call.state.run(|app| async move {
        match app.access.authenticate.run(&token, client).await {
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
