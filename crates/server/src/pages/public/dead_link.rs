//! The page shown instead of a form whose emailed link is invalid. It says what to do instead.

use actix_web::http::StatusCode;
use askama::Template;

use crate::pages::{
    frame::Frame,
    next,
    visit::{PageRequest, PageResult},
};

#[derive(Template)]
#[template(path = "dead-link.html")]
struct DeadLink {
    page: Frame,
    title: &'static str,
    about: &'static str,
    hint: Option<&'static str>,
    /// The target of the button.
    href: String,
    button: &'static str,
}

#[derive(Template)]
#[template(path = "email-confirmed.html")]
struct EmailConfirmed {
    page: Frame,
    email: Option<String>,
}

/// Shows the page for a link to set a password or to confirm an email address. `form` is the page that sends a new link.
pub(crate) fn show(visit: &PageRequest, form: &str, email: Option<&str>) -> PageResult {
    let href = match email {
        Some(email) => next::query(form, &[("email", email)]),
        None => form.to_owned(),
    };
    let (t, hint) = (visit.texts, None);
    let (title, about, button) = (t.dead_link_title, t.error_link, t.send_new_link);
    let page = DeadLink { page: visit.frame(), title, about, hint, href, button };
    visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Shows the page for an invite. Only members can send a new one.
pub(crate) fn show_invitation(visit: &PageRequest, token: &str) -> PageResult {
    let t = visit.texts;
    let (hint, href, button) = match visit.caller {
        Some(_) => (None, "/account".to_owned(), t.back_to_account),
        None => {
            let here = next::query("/invite", &[("token", token)]);
            (Some(t.dead_invite_hint), next::with("/sign-in", &here), t.sign_in)
        }
    };
    let (title, about) = (t.dead_invite_title, t.error_invite_invalid);
    let page = DeadLink { page: visit.frame(), title, about, hint, href, button };
    visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Shows the page for a link that deletes a registration, if the account was confirmed or no longer exists.
pub(crate) fn show_disowned(visit: &PageRequest) -> PageResult {
    let (t, hint) = (visit.texts, None);
    let (title, about, href, button) =
        (t.dead_link_title, t.disown_dead, "/sign-in".to_owned(), t.sign_in);
    let page = DeadLink { page: visit.frame(), title, about, hint, href, button };
    visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Shows the page for a link that confirms an email address, if it is already confirmed.
pub(crate) fn show_confirmed(visit: &PageRequest) -> PageResult {
    let email = visit.caller.as_ref().map(|caller| caller.user.email.as_str().to_owned());
    visit.show(StatusCode::OK, &EmailConfirmed { page: visit.frame(), email })
}
