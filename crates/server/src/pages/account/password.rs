//! `/account/password`

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{
    Caller, password::change::ChangePasswordCommand, sessions::renew::Renewed,
};
use doorward_domain::credential::password::NewPassword;

use crate::{
    api::v1::password::change::ChangePasswordRequest,
    http::error::ApiError,
    pages::{
        PageError,
        form::Form,
        frame::Frame,
        notices::Notice,
        public::sign_up::password_hint,
        visit::{PageRequest, PageResult, SignedInPage},
    },
};

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    page: Frame,
    form: Form,
    username: String,
    password_hint: String,
    password_min: usize,
}

pub(crate) async fn show(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    visit.show(StatusCode::OK, &page(&visit, &caller, Form::default()))
}

pub(crate) async fn submit(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    match change(&visit, caller.clone()).await {
        Ok(renewed) => {
            visit.renewed(&renewed)?;
            visit.go_with("/account/password", Notice::PasswordChanged)
        }
        Err(ApiError::Unauthenticated(_)) => Err(PageError::SignInFirst),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &page(&visit, &caller, form))
        }
    }
}

/// `/.well-known/change-password`, which password managers open (W3C, "A Well-Known URL for Changing Passwords").
pub(crate) async fn lead(visit: PageRequest) -> PageResult {
    visit.redirect("/account/password")
}

async fn change(visit: &PageRequest, caller: Arc<Caller>) -> Result<Renewed, ApiError> {
    let input: ChangePasswordRequest = visit.fields.clone().read()?;
    let ChangePasswordRequest { current_password, new_password } = input;
    let command = ChangePasswordCommand { current_password, new_password };
    visit.run(|app| async move { app.password.change.renewing(&caller, command).await }).await
}

fn page(visit: &PageRequest, caller: &Caller, form: Form) -> PasswordPage {
    PasswordPage {
        page: visit.frame(),
        form,
        username: caller.user.username.as_str().to_owned(),
        password_hint: password_hint(visit),
        password_min: NewPassword::MIN,
    }
}
