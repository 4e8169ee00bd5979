//! What is shown in the place of a form whose mailed link can't be used (any more): what to do instead.

use actix_web::http::StatusCode;
use askama::Template;

use super::{
    frame::Frame,
    next,
    visit::{Answer, Visit},
};

#[derive(Template)]
#[template(path = "dead-link.html")]
struct DeadLink {
    page: Frame,
    title: &'static str,
    about: &'static str,
    hint: Option<&'static str>,
    /// Where the button leads, and what it says.
    href: String,
    button: &'static str,
}

#[derive(Template)]
#[template(path = "email-confirmed.html")]
struct EmailConfirmed {
    page: Frame,
    email: Option<String>,
}

/// A link to set a password or to confirm an address. `form` is the page that sends a new one.
pub(super) fn show(visit: &Visit, form: &str, email: Option<&str>) -> Answer {
    let href = match email {
        Some(email) => next::query(form, &[("email", email)]),
        None => form.to_owned(),
    };
    let (t, hint) = (visit.texts, None);
    let (title, about, button) = (t.dead_link_title, t.error_link, t.send_new_link);
    let page = DeadLink { page: visit.frame(), title, about, hint, href, button };
    visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// An invitation. Only the people who invite can send a new one.
pub(super) fn show_invitation(visit: &Visit, token: &str) -> Answer {
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

/// A link to delete a registration that there is none of any more, or that was confirmed.
pub(super) fn show_disowned(visit: &Visit) -> Answer {
    let (t, hint) = (visit.texts, None);
    let (title, about, href, button) =
        (t.dead_link_title, t.disown_dead, "/sign-in".to_owned(), t.sign_in);
    let page = DeadLink { page: visit.frame(), title, about, hint, href, button };
    visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// A link to confirm an address that is confirmed already.
pub(super) fn show_confirmed(visit: &Visit) -> Answer {
    let email = visit.caller.as_ref().map(|caller| caller.user.email.as_str().to_owned());
    visit.show(StatusCode::OK, &EmailConfirmed { page: visit.frame(), email })
}
