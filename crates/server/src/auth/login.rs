//! `POST /v1/auth/login`: signs a person in.

use actix_web::web::Json;
use doorward_application::login::{LoginCommand, LoginError};
use doorward_domain::password::Password;

use super::some_text;
use crate::{
    error::ApiError,
    extract::{Guest, body},
    wire::AuthResponse,
};

body! {
    LoginBody {
        username: String = required(some_text),
        password: String = required(some_text),
    }
}

pub(crate) async fn handle(guest: Guest) -> Result<Json<AuthResponse>, ApiError> {
    let body: LoginBody = guest.body()?;
    let command = LoginCommand {
        name: body.username,
        password: Password::presented(&body.password),
        client: guest.client.clone(),
    };
    let signed_in = guest.run(|app| async move { app.login.run(command).await }).await?;
    Ok(Json(signed_in.into()))
}

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Rejected => Self::Unauthenticated { token_was_sent: false },
            LoginError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            LoginError::TooManyFailures(retry) => Self::RateLimited(retry),
            LoginError::Failure(failure) => failure.into(),
        }
    }
}
