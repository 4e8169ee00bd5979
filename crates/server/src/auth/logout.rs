//! `POST /v1/auth/logout`: ends the session.

use actix_web::web::Json;
use doorward_application::logout::LogoutError;

use crate::{error::ApiError, extract::Signed};

pub(crate) async fn handle(Signed { guest, caller }: Signed) -> Result<Json<()>, ApiError> {
    guest.run(|app| async move { app.logout.run(&caller).await }).await?;
    Ok(Json(()))
}

impl From<LogoutError> for ApiError {
    fn from(error: LogoutError) -> Self {
        match error {
            LogoutError::Failure(failure) => failure.into(),
        }
    }
}
