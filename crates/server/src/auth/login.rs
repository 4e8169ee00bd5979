//! `POST /v1/auth/login`: signs a person in.

use doorward_application::login::{LoginCommand, LoginError};
use doorward_domain::password::Password;

use crate::{
    error::{ApiError, catalog},
    extract::{Guest, NotEmpty, body},
    openapi::{Operation, Refusal, Tag},
    wire::{AuthResponse, DeviceToken, WithDeviceToken},
};

body! {
    LoginRequest {
        /// The user name or the e-mail address.
        username: NotEmpty = "ada",
        /// The password.
        password: Password = "correct horse battery staple",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "login",
    tag: Tag::SignIn,
    summary: "Sign in",
    description: "Opens a session in the user's default workspace.\n\nAfter 100 consecutive failures, the password is \
        accepted from known devices only: those that send the `Device-Token` of an earlier sign-in or of a password reset. \
        A successful sign-in or a password reset clears the counter.",
    answer: "Tokens and the user.",
    refusals: &[
        Refusal::Credential(
            "There is no account with this name and this password. Neither the answer nor its time tells which of the \
             two is wrong.",
        ),
        Refusal::Permission(&catalog::ACCOUNT_ACTIVE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
        Refusal::Failures(
            "Too many passwords for this account were wrong (`limit_login_failures`, 10 a minute). Known devices and \
             networks have limits of their own, and any other network has two attempts a minute that no other can spend.",
        ),
        Refusal::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<(LoginRequest, DeviceToken)>,
) -> Result<WithDeviceToken<AuthResponse>, ApiError> {
    let (input, device_token) = input;
    let command = LoginCommand {
        name: input.username.0,
        password: input.password,
        device_token: device_token.0,
        client: call.client.clone(),
    };
    let signed_in = call.run(|app| async move { app.login.run(command).await }).await?;
    Ok(signed_in.into())
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
