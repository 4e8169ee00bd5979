use doorward_domain::{
    OrgId, SessionId, UserId,
    account::user::role_names,
    org::role::Role,
    ports::SigningFailed,
    session::Session,
    token::{AccessClaims, AccessToken, PlainToken, TokenPair, TokenPurpose, TokenRef},
};
use time::{Duration, OffsetDateTime};

use crate::Ports;

/// The user, the session, and the rights that an access token is issued for.
pub(crate) struct Grant {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) workspace: Option<(OrgId, Role)>,
    pub(crate) is_platform_admin: bool,
    pub(crate) email_verified: bool,
}

/// Signs an access token for a client that has presented a credential, such as a password or a refresh token.
pub(crate) fn access(
    ports: &Ports,
    lifetime: Duration,
    grant: &Grant,
) -> Result<AccessToken, SigningFailed> {
    let now = ports.clock.now();
    sign(ports, grant, now, now + lifetime)
}

/// Signs an access token for a client that has presented only another access token. The new one expires no later than
/// that one, so that a stolen access token can't be used to extend itself.
pub(crate) fn access_until(
    ports: &Ports,
    lifetime: Duration,
    grant: &Grant,
    presented_expires_at: OffsetDateTime,
) -> Result<AccessToken, SigningFailed> {
    let now = ports.clock.now();
    sign(ports, grant, now, presented_expires_at.min(now + lifetime))
}

fn sign(
    ports: &Ports,
    grant: &Grant,
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<AccessToken, SigningFailed> {
    let claims = AccessClaims {
        user_id: grant.user_id,
        session_id: grant.session_id,
        org_id: grant.workspace.map(|(org, _)| org),
        roles: role_names(grant.workspace.map(|(_, role)| role), grant.is_platform_admin),
        email_verified: grant.email_verified,
        issued_at: now,
        expires_at,
    };
    // The presented token may have expired already: a few seconds of clock skew between servers are tolerated.
    let expires_in = (expires_at - now).max(Duration::ZERO);
    Ok(AccessToken { token: ports.access_tokens.sign(&claims)?, expires_in })
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
    let token = TokenRef { id: session_id.as_uuid(), counter: generation };
    ports.opaque_tokens.issue(TokenPurpose::Refresh, token)
}

/// Returns the device token of a device that an account's password was reset on, for this version of the password.
pub(crate) fn device_of_account(ports: &Ports, user_id: UserId, password: u32) -> PlainToken {
    let token = TokenRef { id: user_id.as_uuid(), counter: password };
    ports.opaque_tokens.issue(TokenPurpose::Device, token)
}

/// Returns the device token of a session.
pub(crate) fn device(ports: &Ports, session_id: SessionId) -> PlainToken {
    let token = TokenRef { id: session_id.as_uuid(), counter: Session::FIRST_GENERATION };
    ports.opaque_tokens.issue(TokenPurpose::Device, token)
}
