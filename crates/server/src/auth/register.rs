//! `POST /v1/auth/register`: makes an account and signs it in.

use actix_web::web::Json;
use doorward_application::register::{RegisterCommand, RegisterError, RegisterIssue};
use doorward_domain::{
    email::EmailAddress, field::FieldError, password::NewPassword, profile::FullName,
    username::Username,
};

use super::any_text;
use crate::{
    error::{ApiError, Issue},
    extract::{Guest, body},
    wire::AuthResponse,
};

body! {
    RegisterBody {
        email: EmailAddress = required(|text| Ok(EmailAddress::parse(text)?)),
        username: Username = required(Username::parse),
        password: NewPassword = required(NewPassword::parse),
        full_name: Option<FullName> = nullable(FullName::parse),
        invite_token: Option<String> = nullable(any_text),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<AuthResponse>, ApiError> {
    let body: RegisterBody = guest.body()?;
    let command = RegisterCommand {
        email: body.email,
        username: body.username,
        password: body.password,
        full_name: body.full_name,
        invite_token: body.invite_token,
        client: guest.client.clone(),
    };
    let signed_in = guest.run(|app| async move { app.register.run(command).await }).await?;
    Ok(Json(signed_in.into()))
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            RegisterError::Refused(issues) => {
                Self::Validation(issues.into_iter().map(issue).collect())
            }
            RegisterError::Failure(failure) => failure.into(),
        }
    }
}

fn issue(issue: RegisterIssue) -> Issue {
    match issue {
        RegisterIssue::EmailTaken => Issue::refused(
            "email",
            "already_exists",
            "There is an account with this e-mail address",
        ),
        RegisterIssue::UsernameTaken => {
            Issue::refused("username", "already_exists", "There is an account with this user name")
        }
        RegisterIssue::PasswordTooCommon => {
            Issue::field("password", &FieldError::PasswordTooCommon)
        }
        RegisterIssue::InviteInvalid => {
            Issue::refused("invite_token", "invite_invalid", "The invite is not valid any more")
        }
        RegisterIssue::InviteEmailMismatch => {
            Issue::refused("email", "invite_email_mismatch", "The invite is for another address")
        }
    }
}
