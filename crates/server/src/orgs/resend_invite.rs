//! `POST /v1/orgs/{org_id}/invites/{invite_id}/resend`: sends an invite again.

use actix_web::web::Json;

use super::{create_invite::TOO_MANY, invite::InviteResponse, path::InvitePath};
use crate::{
    error::{ApiError, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
};

pub(crate) const OPERATION: Operation = Operation {
    id: "resend_invite",
    tag: Tag::Orgs,
    summary: "Send an invite again",
    description: "Sends a new link, which is good for seven days from now; the link before is void. The invite may be past its time. The \
        person is who invites from then on, so their email address has to be verified.",
    answer: "The invite.",
    refusals: &[
        Refusal::NotFound(
            "The person belongs to no organization with this id, or it has no such open invite.",
        ),
        Refusal::TooManyToday(TOO_MANY),
        Refusal::Permission(&catalog::INVITE_CREATE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<InvitePath>,
) -> Result<Json<InviteResponse>, ApiError> {
    let InvitePath { org_id, invite_id } = input;
    let invite =
        call.run(|app| async move { app.resend_invite.run(&caller, &org_id, &invite_id).await });
    Ok(Json(invite.await?.into()))
}
