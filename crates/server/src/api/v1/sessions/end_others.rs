//! `DELETE /v1/auth/sessions`: revokes all other sessions of the user.

use actix_web::web::Json;

use crate::{
    api::v1::wire::Null,
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, catalog},
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "end_other_sessions",
    tag: Tag::Sessions,
    summary: "Revoke all other sessions",
    description: "Ends all sessions of the user except the current one. Their tokens stop working immediately.",
    answer: "All other sessions were ended.",
    refusals: &[DocumentedError::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: () }: Authenticated,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.sessions.revoke.all_others(&caller).await }).await?;
    Ok(Json(Null))
}
