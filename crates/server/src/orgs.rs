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

use doorward_application::org_access::OrgAccessError;

use crate::error::{ApiError, FieldRule, Location, catalog};

const PERSONAL_ORG: FieldRule = FieldRule {
    place: Location::Path,
    field: "org_id",
    kind: &catalog::PERSONAL_ORG,
    msg: "A personal organization can't be shared or deleted: create another organization",
};

/// The response is the same for other users' organizations, unknown IDs, and malformed IDs.
const NO_ORG: &str = "The user is not a member of an organization with this ID.";

impl From<OrgAccessError> for ApiError {
    fn from(error: OrgAccessError) -> Self {
        match error {
            OrgAccessError::NotFound => Self::NotFound,
            OrgAccessError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            OrgAccessError::Failure(failure) => failure.into(),
        }
    }
}
