//! `/account/sessions`: the sessions of a user.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_domain::{
    SessionId,
    pagination::{PageQuery, PageSize},
    request_context::device_name,
    session::Session,
};

use super::{question::Question, when::When};
use crate::{
    http::error::ApiError,
    pages::{
        PageError,
        frame::Frame,
        notices::Notice,
        texts::Texts,
        visit::{PageResult, SignedInPage},
    },
};

const OTHERS: &str = "/account/sessions/others";

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    page: Frame,
    sessions: Vec<Shown>,
    /// Whether there are other sessions.
    others: bool,
    /// The start of the next page of the list.
    more: Option<String>,
}

struct Shown {
    id: String,
    device: String,
    /// The network from which the session was last used.
    network: String,
    /// The network from which the user signed in, if it is a different one.
    opened_in: Option<String>,
    last_used: When,
    is_current: bool,
}

pub(crate) async fn show(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let after = visit.fields.text("after").parse().ok();
    let request = PageQuery { limit: PageSize::DEFAULT, after };
    let current = caller.session_id;
    let found =
        visit.run(|app| async move { app.sessions.list.own_first(&caller, request).await }).await?;
    let sessions = found.items.into_iter();
    let sessions: Vec<_> = sessions.map(|session| shown(session, current, visit.texts)).collect();
    let others = after.is_some() || sessions.iter().any(|session| !session.is_current);
    let more = found.next.map(|id| id.to_string());
    visit.show(StatusCode::OK, &SessionsPage { page: visit.frame(), sessions, others, more })
}

pub(crate) async fn end(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let id = visit.path("session_id");
    let is_own = id == caller.session_id.to_string();
    visit.run(|app| async move { app.sessions.revoke.one(&caller, &id).await }).await?;
    if is_own {
        return visit.signed_out("/sign-in", Notice::SignedOut);
    }
    visit.go_with("/account/sessions", Notice::SessionEnded)
}

/// Asks for confirmation before all other sessions are revoked, and lists them.
pub(crate) async fn confirm_others(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let request = PageQuery { limit: PageSize::DEFAULT, after: None };
    let current = caller.session_id;
    let found =
        visit.run(|app| async move { app.sessions.list.own_first(&caller, request).await }).await?;
    let others = found.items.into_iter().filter(|session| session.id != current);
    let mut lost: Vec<_> = others
        .map(|session| shown(session, current, visit.texts))
        .map(|session| format!("{} · {}", session.device, session.network))
        .collect();
    if lost.is_empty() {
        return visit.redirect("/account/sessions");
    }
    if found.next.is_some() {
        lost.push(visit.texts.and_more.to_owned());
    }
    let texts = visit.texts;
    let question = Question {
        title: texts.end_others_question.to_owned(),
        about: texts.end_others_about.to_owned(),
        lost,
        yes: texts.end_other_sessions,
        action: OTHERS.to_owned(),
        fields: Vec::new(),
        back: "/account/sessions".to_owned(),
        name: None,
    };
    question.ask(&visit)
}

pub(crate) async fn end_others(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let renewing =
        visit.run(|app| async move { app.sessions.revoke.all_others_renewing(&caller).await });
    match renewing.await {
        Ok(renewed) => visit.renewed(&renewed)?,
        Err(ApiError::Unauthenticated(_)) => return Err(PageError::SignInFirst),
        Err(error) => return Err(error.into()),
    }
    visit.go_with("/account/sessions", Notice::SessionsEnded)
}

/// Redirects to the page if the URL of a form is loaded.
pub(crate) async fn back(SignedInPage { visit, .. }: SignedInPage) -> PageResult {
    visit.redirect("/account/sessions")
}

fn shown(session: Session, current: SessionId, texts: &Texts) -> Shown {
    let device = session.last_user_agent.as_deref().and_then(device_name);
    let opened_in = (session.network != session.last_network).then(|| session.network.to_string());
    Shown {
        id: session.id.to_string(),
        device: device.unwrap_or_else(|| texts.unknown_device.to_owned()),
        network: session.last_network.to_string(),
        opened_in,
        last_used: session.rotated_at.into(),
        is_current: session.id == current,
    }
}
