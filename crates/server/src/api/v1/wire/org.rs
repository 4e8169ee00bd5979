use doorward_domain::org::{OrgWithRole, role::Role};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use super::example;
use crate::http::describe::Success;

/// An organization that the user is a member of.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgResponse {
    /// The ID of the organization.
    #[schema(format = Uuid)]
    org_id: String,
    /// The name of the organization.
    name: String,
    /// `personal`: the user's own organization, created with the account; or `shared`.
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// The role of the user in the organization.
    #[schema(schema_with = role)]
    role: &'static str,
    /// When the organization was created.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
}

fn kinds() -> ObjectBuilder {
    let description =
        "`personal`: the user's own organization, created with the account; or `shared`.";
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    text.enum_values(Some(["personal", "shared"]))
}

/// Returns the schema of a role.
pub(crate) fn role() -> ObjectBuilder {
    let description = "The role of the user in the organization.";
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    text.enum_values(Some(Role::ALL.map(Role::as_str)))
}

impl From<OrgWithRole> for OrgResponse {
    fn from(OrgWithRole { org, role }: OrgWithRole) -> Self {
        Self {
            org_id: org.id.to_string(),
            name: org.name.as_str().to_owned(),
            kind: org.kind.as_str(),
            role: role.as_str(),
            created_at: org.created_at,
        }
    }
}

impl Success for OrgResponse {
    fn example() -> Self {
        Self {
            org_id: example::ORG_ID.to_owned(),
            name: "Analytical Engines".to_owned(),
            kind: "shared",
            role: Role::Owner.as_str(),
            created_at: datetime!(2026-01-01 12:00 UTC),
        }
    }
}
