//! `POST /v1/auth/reset-password`: sets a new password with the token of a password-reset email.

use doorward_application::password::reset::{ResetPasswordCommand, ResetPasswordError};
use doorward_domain::credential::password::NewPassword;

use crate::{
    api::v1::wire::{DeviceToken, Null, WithDeviceToken},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, Credential, FieldRule, ValidationError},
        request::{NotEmpty, Public, body},
    },
};

body! {
    ResetPasswordRequest {
        /// `token` in the link of the email. It is valid for at least three hours and for one use.
        token: NotEmpty = "dwp_AQEBlF1M…",
        /// The new password. Common passwords and the account's email address and username are rejected.
        new_password: NewPassword = "seven lucky herons wade",
    }
}

const PASSWORD_TOO_COMMON: FieldRule = FieldRule::password_too_common("new_password");

pub(crate) const OPERATION: Operation = Operation {
    id: "reset_password",
    tag: Tag::Email,
    summary: "Reset a password",
    description: "Ends every session, invalidates all other reset links of the account, and verifies the email address, \
         because the link was sent there. The user is notified by email. If the new password is rejected, the token stays \
         valid.\n\nThe account recognizes the client and its network for 14 days: send the `Device-Token` of the response \
         with the sign-in, and failed attempts by other clients can't keep this client from signing in.\n\nAn account whose \
         email address was not verified before may have been registered by a different user. Unless the request has a \
         `Device-Token` of the account, the account's organizations, profile, and default workspace are discarded.",
    answer: "The password was changed.",
    refusals: &[
        DocumentedError::Credential(
            Credential::Link,
            "The token was not issued by this server, has expired, or was used or invalidated.",
        ),
        DocumentedError::Field(&PASSWORD_TOO_COMMON),
        DocumentedError::Failures(
            "Too many new passwords were sent with reset links of this account (10 per minute).",
        ),
        DocumentedError::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<(ResetPasswordRequest, DeviceToken)>,
) -> Result<WithDeviceToken<Null>, ApiError> {
    let (input, device_token) = input;
    let command = ResetPasswordCommand {
        token: input.token.0,
        new_password: input.new_password,
        device_token: device_token.0,
        client: call.client.clone(),
    };
    let device = call.run(|app| async move { app.password.reset.run(command).await }).await?;
    Ok(WithDeviceToken(Null, device))
}

impl From<ResetPasswordError> for ApiError {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Rejected => Self::Unauthenticated(Credential::Link),
            ResetPasswordError::PasswordTooCommon => {
                ValidationError::refused(&PASSWORD_TOO_COMMON).into()
            }
            ResetPasswordError::TooManyRequests(retry) => Self::RateLimited(retry),
            ResetPasswordError::Failure(failure) => failure.into(),
        }
    }
}
