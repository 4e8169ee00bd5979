//! `GET /v1/auth/invite-info`: returns whom an invite is for, and whether it is still valid.

use actix_web::{HttpRequest, web::Json};
use doorward_application::invites::info::InviteInfoError;
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        Required,
        path::{ParameterBuilder, ParameterIn},
    },
};

use crate::http::{
    describe::{InputDoc, Operation, Success, Tag},
    error::ApiError,
    request::{Input, NotEmpty, Public, Text, required_query},
};

/// The query parameters of the request.
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
            .description(Some("The invite token: `token` in the link of the invite email."))
            .schema(Some(NotEmpty::schema()))
            .example(Some("dwi_AQEBlF1M…".into()));
        InputDoc::parameters([token.build()]).refused_as(|| required_query("", "token").err())
    }
}

/// An invite, as shown on a sign-up page.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteInfoResponse {
    /// The email address that the invite is for; empty if the server does not know the invite.
    email: String,
    /// Whether the invite can be used: it exists, has not been used or revoked, and has not expired, and
    /// its sender may still invite.
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
    summary: "Get an invite",
    description: "For a sign-up page that was opened with the link of an invite. An invalid token returns `valid: false`, \
        never an error.",
    answer: "The email address that the invite is for, and whether the invite can be used.",
    refusals: &[],
    needs_database: true,
    published: true,
};

pub(crate) async fn handle(
    Public { call, input }: Public<InviteInfoQuery>,
) -> Result<Json<InviteInfoResponse>, ApiError> {
    let token = input.token.0;
    let info = call.run(|app| async move { app.invites.info.run(&token).await }).await?;
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
