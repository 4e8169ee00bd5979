//! `/verify-email/not-me?token=`, where the verification email leads a user who did not register: it deletes the
//! account. Looking at it changes nothing: mail scanners do.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::disown_registration::DisownRegistrationError;
use doorward_domain::{mail::quoted, user::User};

use super::{
    account::when::When,
    dead_link,
    form::Form,
    frame::Frame,
    notices::Notice,
    texts::fill,
    visit::{Answer, Visit},
};
use crate::{auth::verify_email::VerifyEmailRequest, error::ApiError};

#[derive(Template)]
#[template(path = "disown.html")]
struct Disown {
    page: Frame,
    form: Form,
    about: String,
}

pub(super) async fn show(visit: Visit) -> Answer {
    ask(&visit, Form::with(visit.fields.clone())).await
}

pub(super) async fn submit(visit: Visit) -> Answer {
    match disown(&visit).await {
        Ok(()) if visit.caller.is_some() => {
            // The session of the account that is gone, or of another one; both can sign in again.
            visit.end_session().await;
            visit.signed_out("/sign-in", Notice::RegistrationDeleted)
        }
        Ok(()) => visit.go_with("/sign-in", Notice::RegistrationDeleted),
        Err(ApiError::Unauthenticated { .. } | ApiError::Validation(_)) => dead(&visit),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_link)?;
            ask(&visit, form).await
        }
    }
}

async fn ask(visit: &Visit, form: Form) -> Answer {
    let token = visit.fields.text("token").to_owned();
    let found = visit.run(|app| async move { app.disown_registration.find(&token).await }).await;
    match found {
        Ok(user) => {
            let status = if form.alert.is_some() { form.status } else { StatusCode::OK };
            let about = about(visit, &user);
            visit.show(status, &Disown { page: visit.frame(), form, about })
        }
        Err(ApiError::Unauthenticated { .. }) => dead(visit),
        Err(error) => Err(error.into()),
    }
}

fn about(visit: &Visit, user: &User) -> String {
    let (name, at) = (quoted(user.username.as_str()), When::from(user.created_at).text);
    let values = [("email", user.email.as_str()), ("username", &name), ("time", &at)];
    fill(visit.texts.disown_about, &values)
}

fn dead(visit: &Visit) -> Answer {
    dead_link::show_disowned(visit)
}

async fn disown(visit: &Visit) -> Result<(), ApiError> {
    let input: VerifyEmailRequest = visit.fields.clone().read()?;
    let client = visit.client();
    visit.run(|app| async move { app.disown_registration.run(&input.token.0, &client).await }).await
}

impl From<DisownRegistrationError> for ApiError {
    fn from(error: DisownRegistrationError) -> Self {
        match error {
            DisownRegistrationError::Rejected => Self::Unauthenticated { token_was_sent: false },
            DisownRegistrationError::Failure(failure) => failure.into(),
        }
    }
}
