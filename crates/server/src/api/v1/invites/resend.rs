//! `POST /v1/orgs/{org_id}/invites/{invite_id}/resend`: resends an invite.

use actix_web::web::Json;

use super::{create::TOO_MANY, invite::InviteResponse};
use crate::{
    api::v1::orgs::path::InvitePath,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "resend_invite",
    tag: Tag::Orgs,
    summary: "Resend an invite",
    description: "Sends a new link, which is valid for seven days, and invalidates the previous link. The invite may have \
        expired. The caller becomes the sender of the invite, so their email address must be verified.",
    answer: "The invite.",
    refusals: &[
        DocumentedError::NotFound(
            "The caller is not a member of an organization with this ID, or it has no such open invite.",
        ),
        DocumentedError::TooManyToday(TOO_MANY),
        DocumentedError::Permission(&catalog::INVITE_CREATE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<InvitePath>,
) -> Result<Json<InviteResponse>, ApiError> {
    let InvitePath { org_id, invite_id } = input;
    let invite =
        call.run(|app| async move { app.invites.resend.run(&caller, &org_id, &invite_id).await });
    Ok(Json(invite.await?.into()))
}
