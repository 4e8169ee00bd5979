//! The person behind a request.

use doorward_domain::{OrgId, SessionId, client::Client, role::Role, user::User};
use time::OffsetDateTime;

/// A person whose access token was found good just now, with what the database says of them: not
/// what the token said when it was signed.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub user: User,
    /// The session that they are signed in by.
    pub session_id: SessionId,
    /// The organisation that they work in, and their role there.
    pub workspace: Option<(OrgId, Role)>,
    /// When the access token that was presented expires. A token that is issued for it expires no later.
    pub token_expires_at: OffsetDateTime,
    /// Where the request comes from.
    pub client: Client,
}

impl Caller {
    /// The organisation that they work in.
    pub fn org_id(&self) -> Option<OrgId> {
        self.workspace.map(|(org, _)| org)
    }

    /// Their role there.
    pub fn role(&self) -> Option<Role> {
        self.workspace.map(|(_, role)| role)
    }
}
