//! The authenticated user of a request.

use doorward_domain::{
    OrgId, SessionId, account::user::User, org::role::Role, request_context::RequestContext,
};
use time::OffsetDateTime;

/// A user whose access token was verified for this request.
///
/// The fields are the current state of the database, not the claims of the token, which may be outdated.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user: User,
    /// The session that the access token belongs to.
    pub session_id: SessionId,
    /// The organization that the access token is for, and the user's role in it.
    pub workspace: Option<(OrgId, Role)>,
    /// When the presented access token expires. A token that is issued in exchange for it expires no later.
    pub token_expires_at: OffsetDateTime,
    /// The context of the request.
    pub client: RequestContext,
}

impl Caller {
    /// Returns the organization that the access token is for.
    pub fn org_id(&self) -> Option<OrgId> {
        self.workspace.map(|(org, _)| org)
    }

    /// Returns the user's role in that organization.
    pub fn role(&self) -> Option<Role> {
        self.workspace.map(|(_, role)| role)
    }
}
