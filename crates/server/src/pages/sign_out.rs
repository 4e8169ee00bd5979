//! `/sign-out`

use actix_web::http::StatusCode;
use askama::Template;

use super::{
    frame::Frame,
    texts::fill,
    visit::{Answer, Visit},
};

const SIGNED_OUT: &str = "/sign-in?done=signed-out";

#[derive(Template)]
#[template(path = "sign-out.html")]
struct SignOut {
    page: Frame,
    about: String,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let Some(caller) = &visit.caller else { return visit.go("/sign-in") };
    let name = caller.user.username.as_str();
    let about = fill(visit.texts.sign_out_about, &[("name", name)]);
    visit.show(StatusCode::OK, &SignOut { page: visit.frame(), about })
}

pub(super) async fn submit(visit: Visit) -> Answer {
    if let Some(caller) = visit.caller.clone() {
        visit.run(|app| async move { app.logout.run(&caller).await }).await?;
    }
    visit.signed_out(SIGNED_OUT)
}
