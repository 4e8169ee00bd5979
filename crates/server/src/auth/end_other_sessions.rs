//! `DELETE /v1/auth/sessions`: signs out everywhere else.

use actix_web::web::Json;

use crate::{
    error::{ApiError, catalog},
    extract::Signed,
    openapi::{Operation, Refusal, Tag},
    wire::Null,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "end_other_sessions",
    tag: Tag::Sessions,
    summary: "Sign out everywhere else",
    description: "Ends all of one's sessions but the one that asks: their tokens stop working at once.",
    answer: "No other session goes on.",
    refusals: &[Refusal::Permission(&catalog::EMAIL_VERIFIED)],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: () }: Signed,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.end_session.all_others(&caller).await }).await?;
    Ok(Json(Null))
}
