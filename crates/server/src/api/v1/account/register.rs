//! `POST /v1/auth/register`: creates an account and signs it in.

use doorward_application::account::register::{RegisterCommand, RegisterError, RegisterIssue};
use doorward_domain::{
    account::{email::EmailAddress, profile::FullName, username::Username},
    credential::password::NewPassword,
};

use crate::{
    api::v1::wire::{AuthResponse, WithDeviceToken},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, FieldRule, Location, ValidationError, catalog},
        request::{Public, body},
    },
};

body! {
    RegisterRequest {
        /// The email address. Must be unique; case is ignored.
        email: EmailAddress = "ada@example.com",
        /// The name to sign in with. Must be unique; case is ignored.
        username: Username = "ada",
        /// The password. Common passwords and the account's email address and username are rejected.
        password: NewPassword = "correct horse battery staple",
        /// The user's full name, as they write it.
        full_name: Option<FullName> = "Ada Lovelace",
        /// The token of an invite for this email address: `token` in the link of the invite email.
        invite_token: Option<String>,
    }
}

pub(crate) const EMAIL_TAKEN: FieldRule = FieldRule {
    place: Location::Body,
    field: "email",
    kind: &catalog::ALREADY_EXISTS,
    msg: "An account with this email address already exists",
};
const USERNAME_TAKEN: FieldRule = FieldRule {
    place: Location::Body,
    field: "username",
    kind: &catalog::ALREADY_EXISTS,
    msg: "This username is not available: choose another one",
};
const PASSWORD_TOO_COMMON: FieldRule = FieldRule::password_too_common("password");
const INVITE_INVALID: FieldRule = FieldRule {
    place: Location::Body,
    field: "invite_token",
    kind: &catalog::INVITE_INVALID,
    msg: "This invite is no longer valid: ask for a new one",
};
const INVITE_EMAIL_MISMATCH: FieldRule = FieldRule {
    place: Location::Body,
    field: "email",
    kind: &catalog::INVITE_EMAIL_MISMATCH,
    msg: "This invite is for another email address: register with that address",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "register",
    tag: Tag::SignIn,
    summary: "Register",
    description: "Creates the account, its personal organization as the default workspace, and a session, and sends a \
        verification email. With an invite, the user joins the organization that invited them, which becomes the default \
        workspace, and the email address counts as verified.",
    answer: "The tokens and the user.",
    refusals: &[
        DocumentedError::Field(&EMAIL_TAKEN),
        DocumentedError::Field(&USERNAME_TAKEN),
        DocumentedError::Field(&PASSWORD_TOO_COMMON),
        DocumentedError::Field(&INVITE_INVALID),
        DocumentedError::Field(&INVITE_EMAIL_MISMATCH),
        DocumentedError::Permission(&catalog::REGISTER),
        DocumentedError::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<RegisterRequest>,
) -> Result<WithDeviceToken<AuthResponse>, ApiError> {
    let command = RegisterCommand {
        email: input.email,
        username: input.username,
        password: input.password,
        full_name: input.full_name,
        invite_token: input.invite_token,
        client: call.client.clone(),
    };
    let signed_in = call.run(|app| async move { app.account.register.run(command).await }).await?;
    Ok(signed_in.into())
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            RegisterError::Refused(issues) => {
                let issues = issues.into_iter().map(|issue| ValidationError::refused(rule(issue)));
                Self::Validation(issues.collect())
            }
            RegisterError::Failure(failure) => failure.into(),
        }
    }
}

fn rule(issue: RegisterIssue) -> &'static FieldRule {
    match issue {
        RegisterIssue::EmailTaken => &EMAIL_TAKEN,
        RegisterIssue::UsernameTaken => &USERNAME_TAKEN,
        RegisterIssue::PasswordTooCommon => &PASSWORD_TOO_COMMON,
        RegisterIssue::InviteInvalid => &INVITE_INVALID,
        RegisterIssue::InviteEmailMismatch => &INVITE_EMAIL_MISMATCH,
    }
}
