//! `POST /v1/auth/logout`: ends the current session.

use actix_web::web::Json;
use doorward_application::sessions::logout::LogoutError;

use crate::{
    api::v1::wire::Null,
    http::{
        describe::{Operation, Tag},
        error::ApiError,
        request::Authenticated,
    },
};

pub(crate) const OPERATION: Operation = Operation {
    id: "logout",
    tag: Tag::SignIn,
    summary: "Sign out",
    description: "Ends the current session. Its access token and refresh token stop working immediately.",
    answer: "The session was ended.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: () }: Authenticated,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.sessions.logout.run(&caller).await }).await?;
    Ok(Json(Null))
}

impl From<LogoutError> for ApiError {
    fn from(error: LogoutError) -> Self {
        match error {
            LogoutError::Failure(failure) => failure.into(),
        }
    }
}
