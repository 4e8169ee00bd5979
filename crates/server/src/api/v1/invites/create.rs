//! `POST /v1/orgs/{org_id}/invites`: invites a user to an organization.

use actix_web::web::Json;
use doorward_application::invites::create::{CreateInviteCommand, CreateInviteError};
use doorward_domain::{account::email::EmailAddress, org::role::Role};

use super::invite::InviteResponse;
use crate::{
    api::v1::orgs::{NO_ORG, PERSONAL_ORG, path::OrgPath},
    http::{
        describe::{DocumentedError, Operation, Tag},
        error::{ApiError, FieldRule, Location, ValidationError, catalog},
        request::{Authenticated, body},
    },
};

body! {
    CreateInviteRequest {
        /// The email address to invite. The email with the link is sent to it.
        email: EmailAddress = "grace@example.com",
        /// The role that the user will have.
        role: Role = "member",
    }
}

const ALREADY_MEMBER: FieldRule = FieldRule {
    place: Location::Body,
    field: "email",
    kind: &catalog::ALREADY_MEMBER,
    msg: "A user with this email address is already a member",
};

const DOMAIN_NOT_ALLOWED: FieldRule = FieldRule {
    place: Location::Body,
    field: "email",
    kind: &catalog::DOMAIN_NOT_ALLOWED,
    msg: "Email addresses of this domain can't be invited: use an address of another domain",
};

pub(crate) const TOO_MANY: &str = "The caller has sent the maximum number of invites today (`invites.per_account_per_day`), or \
    the email address has received the maximum number for today (`invites.per_recipient_per_day`). Days are in UTC.";

pub(crate) const OPERATION: Operation = Operation {
    id: "create_invite",
    tag: Tag::Orgs,
    summary: "Invite a user",
    description: "Sends a link to an email address. The link is valid for seven days and for one use: the recipient registers \
        with it, or signs in with that address and joins with `POST /v1/auth/accept-invite`. An email address has at most \
        one open invite per organization: inviting it again renews that invite and invalidates the previous link. An invite \
        can't be used once its sender may no longer invite. Personal organizations can't have invites. The caller's email \
        address must be verified.",
    answer: "The invite.",
    refusals: &[
        DocumentedError::NotFound(NO_ORG),
        DocumentedError::Field(&PERSONAL_ORG),
        DocumentedError::Field(&ALREADY_MEMBER),
        DocumentedError::Field(&DOMAIN_NOT_ALLOWED),
        DocumentedError::TooManyToday(TOO_MANY),
        DocumentedError::Permission(&catalog::INVITE_CREATE),
        DocumentedError::Permission(&catalog::EMAIL_VERIFIED),
    ],
    needs_database: true,
    published: false,
};

pub(crate) async fn handle(
    Authenticated { call, caller, input: (path, body) }: Authenticated<(
        OrgPath,
        CreateInviteRequest,
    )>,
) -> Result<Json<InviteResponse>, ApiError> {
    let id = path.org_id;
    let command = CreateInviteCommand { email: body.email, role: body.role };
    let invite = call.run(|app| async move { app.invites.create.run(&caller, &id, command).await });
    Ok(Json(invite.await?.into()))
}

impl From<CreateInviteError> for ApiError {
    fn from(error: CreateInviteError) -> Self {
        match error {
            CreateInviteError::Denied(denied) => denied.into(),
            CreateInviteError::Personal => ValidationError::refused(&PERSONAL_ORG).into(),
            CreateInviteError::DomainNotAllowed => {
                ValidationError::refused(&DOMAIN_NOT_ALLOWED).into()
            }
            CreateInviteError::TooMany(retry) => Self::RateLimited(retry),
            CreateInviteError::AlreadyMember => ValidationError::refused(&ALREADY_MEMBER).into(),
        }
    }
}
