//! `POST /v1/auth/accept-invite`: accepts an invite to an organization.

use actix_web::web::Json;
use doorward_application::invites::accept::AcceptInviteError;

use crate::{
    api::v1::wire::OrgResponse,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, FieldRule, Location, ValidationError, catalog},
        request::{Authenticated, NotEmpty, body},
    },
};

body! {
    AcceptInviteRequest {
        /// The invite token: `token` in the link of the invite email.
        token: NotEmpty = "dwi_AQEBlF1M…",
    }
}

// Not 401: the access token is valid, and the client would refresh it needlessly.
const INVITE_INVALID: FieldRule = FieldRule {
    place: Location::Body,
    field: "token",
    kind: &catalog::INVITE_INVALID,
    msg: "This invite is no longer valid: ask for a new one",
};
const INVITE_EMAIL_MISMATCH: FieldRule = FieldRule {
    place: Location::Body,
    field: "token",
    kind: &catalog::INVITE_EMAIL_MISMATCH,
    msg: "This invite is for another email address: sign in with the account of that address",
};

pub(crate) const OPERATION: Operation = Operation {
    id: "accept_invite",
    tag: Tag::Orgs,
    summary: "Accept an invite",
    description: "Makes the user a member of the organization that invited their email address. The token was sent to that \
        address, so an unverified address becomes verified. If the user is already a member, the response is the same, and \
        their role does not change. To get an access token for the organization, call `POST /v1/auth/switch-org`.",
    answer: "The organization.",
    refusals: &[
        DocumentedError::Field(&INVITE_INVALID),
        DocumentedError::Field(&INVITE_EMAIL_MISMATCH),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<AcceptInviteRequest>,
) -> Result<Json<OrgResponse>, ApiError> {
    let token = input.token.0;
    let joined = call.run(|app| async move { app.invites.accept.run(&caller, &token).await });
    Ok(Json(joined.await?.into()))
}

impl From<AcceptInviteError> for ApiError {
    fn from(error: AcceptInviteError) -> Self {
        match error {
            AcceptInviteError::Invalid => ValidationError::refused(&INVITE_INVALID).into(),
            AcceptInviteError::EmailMismatch => {
                ValidationError::refused(&INVITE_EMAIL_MISMATCH).into()
            }
            AcceptInviteError::Failure(failure) => failure.into(),
        }
    }
}
