//! Organizations and their members.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod list_members;
pub(crate) mod path;
pub(crate) mod remove_member;
pub(crate) mod update;
pub(crate) mod update_member;

use doorward_application::access::org::OrgAccessError;

use crate::http::error::{ApiError, FieldRule, Location, catalog};

pub(crate) const PERSONAL_ORG: FieldRule = FieldRule {
    place: Location::Path,
    field: "org_id",
    kind: &catalog::PERSONAL_ORG,
    msg: "A personal organization can't be shared or deleted: create another organization",
};

/// The response is the same for other users' organizations, unknown IDs, and malformed IDs.
pub(crate) const NO_ORG: &str = "The user is not a member of an organization with this ID.";

impl From<OrgAccessError> for ApiError {
    fn from(error: OrgAccessError) -> Self {
        match error {
            OrgAccessError::NotFound => Self::NotFound,
            OrgAccessError::Forbidden(forbidden) => Self::Forbidden(forbidden),
            OrgAccessError::Failure(failure) => failure.into(),
        }
    }
}
