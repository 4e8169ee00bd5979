use doorward_domain::{org::Workspace, role::Role};
use serde::Serialize;
use time::{OffsetDateTime, macros::datetime};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, schema::Type},
};

use super::example;
use crate::openapi::Success;

/// An organisation that the person belongs to.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrgResponse {
    /// Its id.
    #[schema(format = Uuid)]
    org_id: String,
    /// What people call it.
    name: String,
    /// `personal`: the person's own, made with the account; or `shared`.
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// What the person is in it.
    #[schema(schema_with = role)]
    role: &'static str,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
}

fn kinds() -> ObjectBuilder {
    let description = "`personal`: the person's own, made with the account; or `shared`.";
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    text.enum_values(Some(["personal", "shared"]))
}

/// What the documentation says of a role.
pub(crate) fn role() -> ObjectBuilder {
    let description = "What the person is in the organization.";
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    text.enum_values(Some(Role::ALL.map(Role::as_str)))
}

impl From<Workspace> for OrgResponse {
    fn from(Workspace { org, role }: Workspace) -> Self {
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
