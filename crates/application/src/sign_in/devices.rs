//! Devices that an account knows, from a session or from a reset of its password.

use doorward_domain::{
    SessionId, UserId,
    account::user::User,
    audit::AuditKind,
    ports::StorageError,
    request_context::RequestContext,
    session::{SessionContext, SessionEndReason, SessionState},
    token::{TokenPurpose, TokenRef},
};

use crate::{Ports, events::audit};

/// Returns `true` if a device token belongs to a session of the account that did not end because of suspected theft or a
/// new password. A session that ended because of too many incorrect passwords or too many sessions counts: the callers
/// check the reader of an email, who may have forgotten the password.
pub(crate) async fn is_of_session(
    ports: &Ports,
    token: Option<&str>,
    user: &User,
) -> Result<bool, StorageError> {
    let token = token.and_then(|token| ports.opaque_tokens.verify(TokenPurpose::Device, token));
    let Some(token) = token else { return Ok(false) };
    let id = SessionId::from_uuid(token.id);
    let found = ports.storage.connect().await?.sessions().find_with_user(id, None).await?;
    Ok(found.is_some_and(|SessionContext { session, user: owner, .. }| {
        let is_harmless = matches!(
            session.state,
            SessionState::Ended {
                reason: SessionEndReason::TooManyFailures | SessionEndReason::TooManySessions,
                ..
            }
        );
        owner.id == user.id && (is_harmless || session.vouches_for_client())
    }))
}

/// Counts an incorrect password from a known device or from a session of the account. Such clients have their own
/// budgets, so a client with too many incorrect passwords is no longer treated as known.
pub(crate) async fn count_failure(
    ports: &Ports,
    user_id: UserId,
    device: TokenRef,
    client: &RequestContext,
) -> Result<(), StorageError> {
    let now = ports.clock.now();
    let mut work = ports.storage.begin().await?;
    let is_forgotten = work.users().count_device_failure(user_id, device, now).await?;
    let kind = AuditKind::DeviceForgotten;
    if is_forgotten {
        let event = audit::event(ports, kind, client, user_id, None, None);
        work.audit().record(&event).await?;
    }
    work.commit().await?;
    if is_forgotten {
        tracing::info!(event = kind.as_str(), %user_id, "device forgotten after too many incorrect passwords");
    }
    Ok(())
}
