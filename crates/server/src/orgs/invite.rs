//! An invite, as several endpoints answer it.

use doorward_domain::{invite::Invite, role::Role};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::ToSchema;

use crate::{
    openapi::Success,
    wire::{example, role},
};

/// An invite that nobody has used or taken back.
#[derive(Serialize, ToSchema)]
pub(crate) struct InviteResponse {
    /// Its id.
    #[schema(format = Uuid)]
    invite_id: String,
    /// Whom it is for.
    #[schema(format = Email)]
    email: String,
    /// What the person will be.
    #[schema(schema_with = role)]
    role: &'static str,
    /// Who sent it last: it opens nothing when they may not invite any more.
    #[schema(format = Uuid)]
    invited_by: String,
    /// When it was sent last.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// Until when it can be used.
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
