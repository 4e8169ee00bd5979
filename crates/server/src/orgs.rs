//! The endpoints under `/v1/orgs`: one file each, as in `auth`.

pub(crate) mod create_invite;
pub(crate) mod create_org;
pub(crate) mod delete_org;
pub(crate) mod get_org;
mod invite;
pub(crate) mod list_invites;
pub(crate) mod list_members;
pub(crate) mod list_orgs;
mod path;
pub(crate) mod remove_member;
pub(crate) mod resend_invite;
pub(crate) mod revoke_invite;
pub(crate) mod update_member;
pub(crate) mod update_org;

use doorward_application::in_org::OrgDenied;

use crate::error::{ApiError, FieldRule, Place, catalog};

const PERSONAL_ORG: FieldRule = FieldRule {
    place: Place::Path,
    field: "org_id",
    kind: &catalog::PERSONAL_ORG,
    msg: "A personal organization is neither shared nor deleted",
};

/// Foreign, unknown and malformed ids are answered alike.
const NO_ORG: &str = "The person belongs to no organization with this id.";

impl From<OrgDenied> for ApiError {
    fn from(error: OrgDenied) -> Self {
        match error {
            OrgDenied::NotFound => Self::NotFound,
            OrgDenied::Forbidden(forbidden) => Self::Forbidden(forbidden),
            OrgDenied::Failure(failure) => failure.into(),
        }
    }
}
