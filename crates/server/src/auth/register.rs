//! `POST /v1/auth/register`: makes an account and signs it in.

use doorward_application::register::{RegisterCommand, RegisterError, RegisterIssue};
use doorward_domain::{
    email::EmailAddress, password::NewPassword, profile::FullName, username::Username,
};

use crate::{
    error::{ApiError, FieldRule, Issue, Place, catalog},
    extract::{Guest, body},
    openapi::{Operation, Refusal, Tag},
    wire::{AuthResponse, WithDeviceToken},
};

body! {
    RegisterRequest {
        /// The e-mail address. Unique without regard to case.
        email: EmailAddress = "ada@example.com",
        /// The name to sign in with. Unique without regard to case.
        username: Username = "ada",
        /// The password. Common passwords, the account's address and its name are refused.
        password: NewPassword = "correct horse battery staple",
        /// The person's name as they write it.
        full_name: Option<FullName> = "Ada Lovelace",
        /// The token of an invite for this address: `token` in the link of its mail.
        invite_token: Option<String>,
    }
}

pub(super) const EMAIL_TAKEN: FieldRule = FieldRule {
    place: Place::Body,
    field: "email",
    kind: &catalog::ALREADY_EXISTS,
    msg: "There is an account with this e-mail address",
};
const USERNAME_TAKEN: FieldRule = FieldRule {
    place: Place::Body,
    field: "username",
    kind: &catalog::ALREADY_EXISTS,
    msg: "There is an account with this user name",
};
const PASSWORD_TOO_COMMON: FieldRule = FieldRule::password_too_common("password");
const INVITE_INVALID: FieldRule = FieldRule {
    place: Place::Body,
    field: "invite_token",
    kind: &catalog::INVITE_INVALID,
    msg: "The invite is not valid any more",
};
const INVITE_EMAIL_MISMATCH: FieldRule = FieldRule {
    place: Place::Body,
    field: "email",
    kind: &catalog::INVITE_EMAIL_MISMATCH,
    msg: "The invite is for another address",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "register",
    tag: Tag::SignIn,
    summary: "Make an account and sign in",
    description: "Makes the account, an organization of its own as its default workspace, and a session, and sends a mail \
        that verifies the address. With an invite, the person joins the organization that invited, which is then the \
        default workspace, and the address counts as verified.",
    answer: "Tokens and the user.",
    refusals: &[
        Refusal::Field(&EMAIL_TAKEN),
        Refusal::Field(&USERNAME_TAKEN),
        Refusal::Field(&PASSWORD_TOO_COMMON),
        Refusal::Field(&INVITE_INVALID),
        Refusal::Field(&INVITE_EMAIL_MISMATCH),
        Refusal::Permission(&catalog::REGISTER),
        Refusal::Busy,
    ],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<RegisterRequest>,
) -> Result<WithDeviceToken<AuthResponse>, ApiError> {
    let command = RegisterCommand {
        email: input.email,
        username: input.username,
        password: input.password,
        full_name: input.full_name,
        invite_token: input.invite_token,
        client: call.client.clone(),
    };
    let signed_in = call.run(|app| async move { app.register.run(command).await }).await?;
    Ok(signed_in.into())
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            RegisterError::Refused(issues) => {
                let issues = issues.into_iter().map(|issue| Issue::refused(rule(issue)));
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
