use doorward_domain::{
    OrgId, SessionId, UserId,
    ports::SigningFailed,
    role::Role,
    session::Session,
    token::{AccessClaims, AccessToken, PlainToken, TokenPair, TokenPurpose, TokenRef},
    user::role_names,
};
use time::Duration;

use crate::Ports;

/// Whom and what an access token is for.
pub(crate) struct Grant {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) workspace: Option<(OrgId, Role)>,
    pub(crate) is_platform_admin: bool,
}

/// Signs an access token.
pub(crate) fn access(
    ports: &Ports,
    lifetime: Duration,
    grant: &Grant,
) -> Result<AccessToken, SigningFailed> {
    let now = ports.clock.now();
    let claims = AccessClaims {
        user_id: grant.user_id,
        session_id: grant.session_id,
        org_id: grant.workspace.map(|(org, _)| org),
        roles: role_names(grant.workspace.map(|(_, role)| role), grant.is_platform_admin),
        issued_at: now,
        expires_at: now + lifetime,
    };
    Ok(AccessToken { token: ports.access_tokens.sign(&claims)?, expires_in: lifetime })
}

/// Signs an access token and derives the refresh token of a session's generation.
pub(crate) fn pair(
    ports: &Ports,
    lifetime: Duration,
    grant: &Grant,
    generation: u32,
) -> Result<TokenPair, SigningFailed> {
    Ok(TokenPair {
        access: access(ports, lifetime, grant)?,
        refresh: refresh(ports, grant.session_id, generation),
    })
}

fn refresh(ports: &Ports, session_id: SessionId, generation: u32) -> PlainToken {
    let token = TokenRef { row: session_id.as_uuid(), counter: generation };
    ports.opaque_tokens.issue(TokenPurpose::Refresh, token)
}

/// The device token of a device that an account's password was reset on, for this version of the password.
pub(crate) fn device_of_account(ports: &Ports, user_id: UserId, password: u32) -> PlainToken {
    let token = TokenRef { row: user_id.as_uuid(), counter: password };
    ports.opaque_tokens.issue(TokenPurpose::Device, token)
}

/// The device token of a session.
pub(crate) fn device(ports: &Ports, session_id: SessionId) -> PlainToken {
    let token = TokenRef { row: session_id.as_uuid(), counter: Session::FIRST_GENERATION };
    ports.opaque_tokens.issue(TokenPurpose::Device, token)
}
