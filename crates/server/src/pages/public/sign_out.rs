//! `/sign-out`

use actix_web::http::StatusCode;
use askama::Template;

use crate::pages::{
    frame::Frame,
    next::{AFTER_SIGN_IN, own_page},
    notices::Notice,
    texts::fill,
    visit::{PageRequest, PageResult},
};

#[derive(Template)]
#[template(path = "sign-out.html")]
struct SignOut {
    page: Frame,
    about: String,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    let Some(caller) = &visit.caller else { return visit.redirect("/sign-in") };
    let name = caller.user.username.as_str();
    let about = fill(visit.texts.sign_out_about, &[("name", name)]);
    visit.show(StatusCode::OK, &SignOut { page: visit.frame(), about })
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    if let Some(caller) = visit.caller.clone() {
        visit.run(|app| async move { app.sessions.logout.run(&caller).await }).await?;
    }
    match own_page(visit.fields.text("next")) {
        AFTER_SIGN_IN => visit.signed_out("/sign-in", Notice::SignedOut),
        // The next page shows its own text.
        next => visit.left(next),
    }
}
