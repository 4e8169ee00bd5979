//! `POST /v1/orgs/{org_id}/invites`: asks somebody in.

use actix_web::web::Json;
use doorward_application::create_invite::{CreateInviteCommand, CreateInviteError};
use doorward_domain::{email::EmailAddress, role::Role};

use super::{NO_ORG, PERSONAL_ORG, invite::InviteResponse, path::OrgPath};
use crate::{
    error::{ApiError, FieldRule, Issue, Place, catalog},
    extract::{Signed, body},
    openapi::{Operation, Refusal, Tag},
};

body! {
    CreateInviteRequest {
        /// The address to invite. The mail with the link goes there.
        email: EmailAddress = "grace@example.com",
        /// What the person will be.
        role: Role = "member",
    }
}

const ALREADY_MEMBER: FieldRule = FieldRule {
    place: Place::Body,
    field: "email",
    kind: &catalog::ALREADY_MEMBER,
    msg: "Somebody with this address is a member already",
};

const DOMAIN_NOT_ALLOWED: FieldRule = FieldRule {
    place: Place::Body,
    field: "email",
    kind: &catalog::DOMAIN_NOT_ALLOWED,
    msg: "Addresses of this domain can't be invited",
};

pub(super) const TOO_MANY: &str = "The caller has sent as many invitations today as an account may (`invites_per_account_per_day`), or the address has \
    got as many as an address may (`invites_per_recipient_per_day`). Days are those of UTC.";

pub(crate) const OPERATION: Operation = Operation {
    id: "create_invite",
    tag: Tag::Orgs,
    summary: "Invite somebody",
    description: "Sends a link to an address, which is good for seven days and for one use: to register with, or for somebody who is \
        signed in with that address to join by `POST /v1/auth/accept-invite`. There is one open invite for an address: \
        inviting it again renews that one, and the link before is void. An invite opens nothing when whoever sent it may not \
        invite any more. A personal organization has no invitations. The caller's email address has to be verified.",
    answer: "The invite.",
    refusals: &[
        Refusal::NotFound(NO_ORG),
        Refusal::Field(&PERSONAL_ORG),
        Refusal::Field(&ALREADY_MEMBER),
        Refusal::Field(&DOMAIN_NOT_ALLOWED),
        Refusal::TooManyToday(TOO_MANY),
        Refusal::Permission(&catalog::INVITE_CREATE),
        Refusal::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Signed { call, caller, input: (path, body) }: Signed<(OrgPath, CreateInviteRequest)>,
) -> Result<Json<InviteResponse>, ApiError> {
    let id = path.org_id;
    let command = CreateInviteCommand { email: body.email, role: body.role };
    let invite = call.run(|app| async move { app.create_invite.run(&caller, &id, command).await });
    Ok(Json(invite.await?.into()))
}

impl From<CreateInviteError> for ApiError {
    fn from(error: CreateInviteError) -> Self {
        match error {
            CreateInviteError::Denied(denied) => denied.into(),
            CreateInviteError::Personal => Issue::refused(&PERSONAL_ORG).into(),
            CreateInviteError::DomainNotAllowed => Issue::refused(&DOMAIN_NOT_ALLOWED).into(),
            CreateInviteError::TooMany(retry) => Self::RateLimited(retry),
            CreateInviteError::AlreadyMember => Issue::refused(&ALREADY_MEMBER).into(),
        }
    }
}
