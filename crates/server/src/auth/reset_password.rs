//! `POST /v1/auth/reset-password`: sets a new password through a mailed link.

use doorward_application::reset_password::{ResetPasswordCommand, ResetPasswordError};
use doorward_domain::password::NewPassword;

use crate::{
    error::{ApiError, FieldRule, Issue},
    extract::{Guest, NotEmpty, body},
    openapi::{Operation, Refusal, Tag},
    wire::{Null, WithDeviceToken},
};

body! {
    ResetPasswordRequest {
        /// `token` in the link of the mail. It holds for an hour and is used up by this.
        token: NotEmpty = "dwp_AQEBlF1M…",
        /// The password from now on. Common passwords, the account's address and its name are refused.
        new_password: NewPassword = "seven lucky herons wade",
    }
}

const PASSWORD_TOO_COMMON: FieldRule = FieldRule::password_too_common("new_password");

pub(crate) const OPERATION: Operation = Operation {
    id: "reset_password",
    tag: Tag::Email,
    summary: "Set a new password through a mailed link",
    description: "Ends every session, invalidates every other link of this kind, and verifies the address, to which the \
        link went. An email tells the user of it. A password that is refused leaves the token unused.\n\nThe client and its \
        network are known to the account for 14 days: send the `Device-Token` of the response along with the sign-in, and \
        no attempts of other clients keep it from signing in.",
    answer: "The password is changed.",
    refusals: &[
        Refusal::Credential(
            "The token is none of this server's, has expired, or was used or invalidated.",
        ),
        Refusal::Field(&PASSWORD_TOO_COMMON),
        Refusal::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<ResetPasswordRequest>,
) -> Result<WithDeviceToken<Null>, ApiError> {
    let command = ResetPasswordCommand {
        token: input.token.0,
        new_password: input.new_password,
        client: call.client.clone(),
    };
    let device = call.run(|app| async move { app.reset_password.run(command).await }).await?;
    Ok(WithDeviceToken(Null, device))
}

impl From<ResetPasswordError> for ApiError {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Rejected => Self::Unauthenticated { token_was_sent: false },
            ResetPasswordError::PasswordTooCommon => Issue::refused(&PASSWORD_TOO_COMMON).into(),
            ResetPasswordError::Failure(failure) => failure.into(),
        }
    }
}
