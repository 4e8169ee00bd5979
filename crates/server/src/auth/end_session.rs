//! `DELETE /v1/auth/sessions/{session_id}`: signs out elsewhere.

use actix_web::{HttpRequest, web::Json};
use doorward_application::end_session::EndSessionError;

use crate::{
    error::{ApiError, catalog},
    extract::{Input, Signed, id_in_path, path_parameter},
    openapi::{InputDoc, Operation, Refusal, Tag},
    wire::{Null, example},
};

/// The session that the path names.
pub(crate) struct SessionPath {
    session_id: String,
}

impl Input for SessionPath {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        Ok(Self { session_id: path_parameter(request, "session_id") })
    }

    fn describe() -> InputDoc {
        let about = "The session, as the list of sessions names it.";
        InputDoc::parameters([id_in_path("session_id", about, example::SESSION_ID)])
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "end_session",
    tag: Tag::Sessions,
    summary: "Sign out elsewhere",
    description: "Ends one of one's sessions: its tokens stop working at once. It may be the one that asks. A session that \
        has ended before is answered alike.",
    answer: "The session is ended.",
    refusals: &[
        Refusal::NotFound("The person has no session with this id."),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input }: Signed<SessionPath>,
) -> Result<Json<Null>, ApiError> {
    let id = input.session_id;
    call.run(|app| async move { app.end_session.one(&caller, &id).await }).await?;
    Ok(Json(Null))
}

impl From<EndSessionError> for ApiError {
    fn from(error: EndSessionError) -> Self {
        match error {
            EndSessionError::NotFound => Self::NotFound,
            EndSessionError::SessionEnded => Self::Unauthenticated { token_was_sent: true },
            EndSessionError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            EndSessionError::Failure(failure) => failure.into(),
        }
    }
}
