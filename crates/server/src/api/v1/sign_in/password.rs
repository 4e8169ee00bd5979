//! `POST /v1/auth/login`: signs a user in with a password.

use doorward_application::sign_in::password::{LoginCommand, LoginError};
use doorward_domain::credential::password::Password;

use crate::{
    api::v1::wire::{AuthResponse, DeviceToken, WithDeviceToken},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, Credential, catalog},
        request::{NotEmpty, Public, body},
    },
};

body! {
    LoginRequest {
        /// The username or the email address.
        username: NotEmpty = "ada",
        /// The password.
        password: Password = "correct horse battery staple",
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "login",
    tag: Tag::SignIn,
    summary: "Sign in",
    description: "Creates a session in the user's default workspace.\n\nAfter 100 consecutive failures, the password is only \
        accepted from known devices: those that send the `Device-Token` of an earlier sign-in or of a password reset. A \
        successful sign-in or a password reset clears the counter.",
    answer: "The tokens and the user.",
    refusals: &[
        DocumentedError::Credential(
            Credential::Password,
            "There is no account with this username or email address, or the password is incorrect. Neither the response \
             nor its timing reveals which.",
        ),
        DocumentedError::Permission(&catalog::ACCOUNT_ACTIVE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
        DocumentedError::Failures(
            "Too many incorrect passwords for this account (`rate_limits.login_failures_per_minute`, 10 per minute). Known devices and \
             networks have their own limits, and every other network has two attempts per minute that no other network can \
             use up.",
        ),
        DocumentedError::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<(LoginRequest, DeviceToken)>,
) -> Result<WithDeviceToken<AuthResponse>, ApiError> {
    let (input, device_token) = input;
    let command = LoginCommand {
        name: input.username.0,
        password: input.password,
        device_token: device_token.0,
        client: call.client.clone(),
        over_limit: call.over_limit,
    };
    let signed_in = call.run(|app| async move { app.sign_in.password.run(command).await }).await?;
    Ok(signed_in.into())
}

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Rejected => Self::Unauthenticated(Credential::Password),
            LoginError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            LoginError::TooManyFailures(retry) => Self::RateLimited(retry),
            LoginError::Failure(failure) => failure.into(),
        }
    }
}
