//! `GET /v1/auth/invite-info`: whom an invite is for, and whether it is still open.

use actix_web::{HttpRequest, web::Json};
use doorward_application::invite_info::InviteInfoError;
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        Required,
        path::{ParameterBuilder, ParameterIn},
    },
};

use crate::{
    error::ApiError,
    extract::{Guest, Input, NotEmpty, Text, required_query},
    openapi::{InputDoc, Operation, Success, Tag},
};

/// The query of the request.
pub(crate) struct InviteInfoQuery {
    token: NotEmpty,
}

impl Input for InviteInfoQuery {
    fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
        Ok(Self { token: required_query(request.query_string(), "token")? })
    }

    fn describe() -> InputDoc {
        let token = ParameterBuilder::new()
            .name("token")
            .parameter_in(ParameterIn::Query)
            .required(Required::True)
            .description(Some("The invite's token: `token` in the link of the mail."))
            .schema(Some(NotEmpty::schema()))
            .example(Some("dwi_AQEBlF1M…".into()));
        InputDoc::parameters([token.build()]).refused_as(|| required_query("", "token").err())
    }
}

/// An invite as far as a sign-up page has to know it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteInfoResponse {
    /// Whom the invite is for; empty if the token is none of this server's.
    email: String,
    /// Whether it can be used: it is known, and was not used, revoked, and has not expired.
    valid: bool,
}

impl Success for InviteInfoResponse {
    fn example() -> Self {
        Self { email: "ada@example.com".to_owned(), valid: true }
    }
}

pub(crate) const OPERATION: Operation = Operation {
    id: "get_invite_info",
    tag: Tag::SignIn,
    summary: "Look an invite up",
    description: "For a sign-up page that was opened by the link of an invite. A token that is no good is answered with \
        `valid: false`, and never with an error.",
    answer: "Whom the invite is for, and whether it can be used.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Guest { call, input }: Guest<InviteInfoQuery>,
) -> Result<Json<InviteInfoResponse>, ApiError> {
    let token = input.token.0;
    let info = call.run(|app| async move { app.invite_info.run(&token).await }).await?;
    let email = info.email.map(|email| email.as_str().to_owned());
    Ok(Json(InviteInfoResponse { email: email.unwrap_or_default(), valid: info.valid }))
}

impl From<InviteInfoError> for ApiError {
    fn from(error: InviteInfoError) -> Self {
        match error {
            InviteInfoError::Failure(failure) => failure.into(),
        }
    }
}
