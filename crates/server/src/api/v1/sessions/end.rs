//! `DELETE /v1/auth/sessions/{session_id}`: revokes a session of the user.

use actix_web::{HttpRequest, web::Json};
use doorward_application::sessions::revoke::RevokeOwnSessionsError;

use crate::{
    api::v1::wire::{Null, example},
    http::{
        describe::{DocumentedError, InputDoc, Operation, Tag},
        error::{ApiError, Credential, catalog},
        request::{Authenticated, Input, id_in_path, path_parameter},
    },
};

/// The session in the path.
pub(crate) struct SessionPath {
    session_id: String,
}

impl Input for SessionPath {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        Ok(Self { session_id: path_parameter(request, "session_id") })
    }

    fn describe() -> InputDoc {
        let about = "The ID of the session, from the list of sessions.";
        InputDoc::parameters([id_in_path("session_id", about, example::SESSION_ID)])
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "end_session",
    tag: Tag::Sessions,
    summary: "Revoke a session",
    description: "Ends a session of the user, which may be the current one. Its tokens stop working immediately. If the \
        session has already ended, the response is the same.",
    answer: "The session was ended.",
    refusals: &[
        DocumentedError::NotFound("The user has no session with this ID."),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input }: Authenticated<SessionPath>,
) -> Result<Json<Null>, ApiError> {
    let id = input.session_id;
    call.run(|app| async move { app.sessions.revoke.one(&caller, &id).await }).await?;
    Ok(Json(Null))
}

impl From<RevokeOwnSessionsError> for ApiError {
    fn from(error: RevokeOwnSessionsError) -> Self {
        match error {
            RevokeOwnSessionsError::NotFound => Self::NotFound,
            RevokeOwnSessionsError::SessionEnded => Self::Unauthenticated(Credential::AccessToken),
            RevokeOwnSessionsError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            RevokeOwnSessionsError::TooManyRequests(retry) => Self::RateLimited(retry),
            RevokeOwnSessionsError::Failure(failure) => failure.into(),
        }
    }
}
