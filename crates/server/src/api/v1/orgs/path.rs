//! The parameters in the paths of the organization endpoints.

use actix_web::HttpRequest;

use crate::{
    api::v1::wire::example,
    http::{
        describe::InputDoc,
        error::ApiError,
        request::{Input, id_in_path, path_parameter},
    },
};

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $about:literal = $example:expr,)+ })+) => {$(
        $(#[$doc])*
        pub(crate) struct $name {
            $(pub(crate) $field: String,)+
        }

        impl Input for $name {
            fn read(request: &HttpRequest, _body: &[u8]) -> Result<Self, ApiError> {
                Ok(Self { $($field: path_parameter(request, stringify!($field)),)+ })
            }

            fn describe() -> InputDoc {
                InputDoc::parameters([$(id_in_path(stringify!($field), $about, $example),)+])
            }
        }
    )+};
}

paths! {
    /// An organization.
    OrgPath {
        org_id: "The ID of the organization." = example::ORG_ID,
    }
    /// A member of an organization.
    MemberPath {
        org_id: "The ID of the organization." = example::ORG_ID,
        user_id: "The ID of the member's user." = example::MEMBER_ID,
    }
    /// An invite to an organization.
    InvitePath {
        org_id: "The ID of the organization." = example::ORG_ID,
        invite_id: "The ID of the invite." = example::INVITE_ID,
    }
}
