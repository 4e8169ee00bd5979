//! The invite that several endpoints return.

use doorward_domain::org::{invite::Invite, role::Role};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::ToSchema;

use crate::{
    api::v1::wire::{example, role},
    http::describe::Success,
};

/// An open invite: it has not been used or revoked.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteResponse {
    /// The ID of the invite.
    #[schema(format = Uuid)]
    invite_id: String,
    /// The email address that the invite is for.
    #[schema(format = Email)]
    email: String,
    /// The role that the user will have.
    #[schema(schema_with = role)]
    role: &'static str,
    /// The user who last sent the invite. It can't be used once they may no longer invite.
    #[schema(format = Uuid)]
    invited_by: String,
    /// When the invite was last sent.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When the invite expires.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    expires_at: OffsetDateTime,
}

impl From<Invite> for InviteResponse {
    fn from(invite: Invite) -> Self {
        Self {
            invite_id: invite.id.to_string(),
            email: invite.email.as_str().to_owned(),
            role: invite.role.as_str(),
            invited_by: invite.invited_by.to_string(),
            created_at: invite.created_at,
            expires_at: invite.expires_at,
        }
    }
}

impl Success for InviteResponse {
    fn example() -> Self {
        Self {
            invite_id: example::INVITE_ID.to_owned(),
            email: "grace@example.com".to_owned(),
            role: Role::Member.as_str(),
            invited_by: example::USER_ID.to_owned(),
            created_at: datetime!(2026-01-01 12:00 UTC),
            expires_at: datetime!(2026-01-08 12:00 UTC),
        }
    }
}
