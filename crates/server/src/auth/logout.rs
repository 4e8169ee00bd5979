//! `POST /v1/auth/logout`: ends the session.

use actix_web::web::Json;
use doorward_application::logout::LogoutError;

use crate::{
    error::ApiError,
    extract::Signed,
    openapi::{Operation, Tag},
    wire::Null,
};

pub(crate) const OPERATION: Operation = Operation {
    id: "logout",
    tag: Tag::SignIn,
    summary: "Sign out",
    description: "Ends the session: its access token and its refresh token stop working at once.",
    answer: "The session is ended.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Signed { call, caller, input: () }: Signed,
) -> Result<Json<Null>, ApiError> {
    call.run(|app| async move { app.logout.run(&caller).await }).await?;
    Ok(Json(Null))
}

impl From<LogoutError> for ApiError {
    fn from(error: LogoutError) -> Self {
        match error {
            LogoutError::Failure(failure) => failure.into(),
        }
    }
}
