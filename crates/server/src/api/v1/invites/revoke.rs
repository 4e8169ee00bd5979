//! `DELETE /v1/orgs/{org_id}/invites/{invite_id}`: revokes an invite.

use actix_web::web::Json;

use crate::{
    api::v1::{orgs::path::InvitePath, wire::Null},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "revoke_invite",
    tag: Tag::Orgs,
    summary: "Revoke an invite",
    description: "Invalidates the invite and its link.",
    answer: "The invite was revoked.",
    refusals: &[
        DocumentedError::NotFound(
            "The caller is not a member of an organization with this ID, or it has no such open invite.",
        ),
        DocumentedError::Permission(&catalog::INVITE_REVOKE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<InvitePath>,
) -> Result<Json<Null>, ApiError> {
    let InvitePath { org_id, invite_id } = input;
    let revoked =
        call.run(|app| async move { app.invites.revoke.run(&caller, &org_id, &invite_id).await });
    revoked.await?;
    Ok(Json(Null))
}
