//! `POST /v1/auth/accept-invite`: joins an organisation.

use actix_web::web::Json;
use doorward_application::accept_invite::AcceptInviteError;

use crate::{
    error::{ApiError, FieldRule, Issue, Place, catalog},
    extract::{NotEmpty, Signed, body},
    openapi::{Operation, Refusal, Tag},
    wire::OrgResponse,
};

body! {
    AcceptInviteRequest {
        /// The invite's token: `token` in the link of the mail.
        token: NotEmpty = "dwi_AQEBlF1M…",
    }
}

// Not 401: the access token is good, and a client would refresh it for nothing.
const INVITE_INVALID: FieldRule = FieldRule {
    place: Place::Body,
    field: "token",
    kind: &catalog::INVITE_INVALID,
    msg: "The invite is not valid any more",
};
const INVITE_EMAIL_MISMATCH: FieldRule = FieldRule {
    place: Place::Body,
    field: "token",
    kind: &catalog::INVITE_EMAIL_MISMATCH,
    msg: "The invite is for another address",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "accept_invite",
    tag: Tag::Orgs,
    summary: "Join an organization",
    description: "Makes the person a member of the organization that invited their address. The token was mailed to it, so an \
        address that was not verified is verified. A member is \
        answered alike, and stays what they are. `POST /v1/auth/switch-org` then gives an access token for it.",
    answer: "The organization.",
    refusals: &[Refusal::Field(&INVITE_INVALID), Refusal::Field(&INVITE_EMAIL_MISMATCH)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<AcceptInviteRequest>,
) -> Result<Json<OrgResponse>, ApiError> {
    let token = input.token.0;
    let joined = call.run(|app| async move { app.accept_invite.run(&caller, &token).await });
    Ok(Json(joined.await?.into()))
}

impl From<AcceptInviteError> for ApiError {
    fn from(error: AcceptInviteError) -> Self {
        match error {
            AcceptInviteError::Invalid => Issue::refused(&INVITE_INVALID).into(),
            AcceptInviteError::EmailMismatch => Issue::refused(&INVITE_EMAIL_MISMATCH).into(),
            AcceptInviteError::Failure(failure) => failure.into(),
        }
    }
}
