//! `/sign-in`

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::sign_in::password::LoginCommand;

use crate::{
    api::v1::sign_in::password::LoginRequest,
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        next::{self, own_page},
        visit::{PageRequest, PageResult},
    },
};

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn {
    page: Frame,
    form: Form,
    next: String,
    /// The sign-up page, if registration is possible.
    sign_up: Option<String>,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    let next = own_page(visit.fields.text("next"));
    match visit.caller {
        Some(_) => visit.redirect(next),
        None => visit.show(StatusCode::OK, &page(&visit, Form::with(visit.fields.clone()))),
    }
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    let next = own_page(visit.fields.text("next"));
    match sign_in(&visit).await {
        Ok(signed_in) => visit.signed_in(&signed_in, next).await,
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &page(&visit, form))
        }
    }
}

async fn sign_in(
    visit: &PageRequest,
) -> Result<doorward_application::sign_in::complete::SignedIn, ApiError> {
    let input: LoginRequest = visit.fields.clone().read()?;
    let command = LoginCommand {
        name: input.username.0,
        password: input.password,
        device_token: visit.device.as_ref().map(|token| token.expose().to_owned()),
        client: visit.client(),
        over_limit: visit.over_limit(),
    };
    visit.run(|app| async move { app.sign_in.password.run(command).await }).await
}

fn page(visit: &PageRequest, form: Form) -> SignIn {
    let next = own_page(visit.fields.text("next")).to_owned();
    let is_open = visit.registration_is_open() || next::invite_token(&next).is_some();
    let sign_up = is_open.then(|| next::with("/sign-up", &next));
    SignIn { page: visit.frame(), form, next, sign_up }
}
