//! `/verify-email/not-me?token=`, the page in the verification email for a user who did not register: it deletes the
//! account. Loading the page changes nothing, because mail scanners open links.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::account::disown::DisownRegistrationError;
use doorward_domain::{account::user::User, mail::quoted};

use super::dead_link;
use crate::{
    api::v1::account::verify_email::VerifyEmailRequest,
    http::error::{ApiError, Credential},
    pages::{
        account::when::When,
        form::Form,
        frame::Frame,
        notices::Notice,
        texts::fill,
        visit::{Ended, PageRequest, PageResult},
    },
};

#[derive(Template)]
#[template(path = "disown.html")]
struct Disown {
    page: Frame,
    form: Form,
    about: String,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    ask(&visit, Form::with(visit.fields.clone())).await
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    match disown(&visit).await {
        Ok(()) if visit.caller.is_some() => {
            // The session may be of the deleted account or of another one, whose user can sign in again.
            visit.end_session(Ended::SignedOut).await;
            visit.signed_out("/sign-in", Notice::RegistrationDeleted)
        }
        Ok(()) => visit.go_with("/sign-in", Notice::RegistrationDeleted),
        Err(ApiError::Unauthenticated(_) | ApiError::Validation(_)) => dead(&visit),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            ask(&visit, form).await
        }
    }
}

async fn ask(visit: &PageRequest, form: Form) -> PageResult {
    let token = visit.fields.text("token").to_owned();
    let found = visit.run(|app| async move { app.account.disown.find(&token).await }).await;
    match found {
        Ok(user) => {
            let status = if form.alert.is_some() { form.status } else { StatusCode::OK };
            let about = about(visit, &user);
            visit.show(status, &Disown { page: visit.frame(), form, about })
        }
        Err(ApiError::Unauthenticated(_)) => dead(visit),
        Err(error) => Err(error.into()),
    }
}

fn about(visit: &PageRequest, user: &User) -> String {
    let (name, at) = (quoted(user.username.as_str()), When::from(user.created_at).text);
    let values = [("email", user.email.as_str()), ("username", &name), ("time", &at)];
    fill(visit.texts.disown_about, &values)
}

fn dead(visit: &PageRequest) -> PageResult {
    dead_link::show_disowned(visit)
}

async fn disown(visit: &PageRequest) -> Result<(), ApiError> {
    let input: VerifyEmailRequest = visit.fields.clone().read()?;
    let client = visit.client();
    visit.run(|app| async move { app.account.disown.run(&input.token.0, &client).await }).await
}

impl From<DisownRegistrationError> for ApiError {
    fn from(error: DisownRegistrationError) -> Self {
        match error {
            DisownRegistrationError::Rejected => Self::Unauthenticated(Credential::Link),
            DisownRegistrationError::Failure(failure) => failure.into(),
        }
    }
}
