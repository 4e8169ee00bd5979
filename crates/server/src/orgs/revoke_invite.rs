//! `DELETE /v1/orgs/{org_id}/invites/{invite_id}`: takes an invite back.

use actix_web::web::Json;

use super::path::InvitePath;
use crate::{
    error::{ApiError, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "revoke_invite",
    tag: Tag::Orgs,
    summary: "Take an invite back",
    description: "The link of the invite opens nothing from then on.",
    answer: "The invite is taken back.",
    refusals: &[
        Refusal::NotFound(
            "The person belongs to no organization with this id, or it has no such open invite.",
        ),
        Refusal::Permission(&catalog::INVITE_REVOKE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<InvitePath>,
) -> Result<Json<Null>, ApiError> {
    let InvitePath { org_id, invite_id } = input;
    let revoked =
        call.run(|app| async move { app.revoke_invite.run(&caller, &org_id, &invite_id).await });
    revoked.await?;
    Ok(Json(Null))
}
