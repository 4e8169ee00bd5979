//! Devices that an account knows: by a session, or by a reset of its password.

use doorward_domain::{
    SessionId, UserId,
    audit::AuditKind,
    client::Client,
    ports::StorageError,
    session::{SessionEnd, SessionState, Standing},
    token::{TokenPurpose, TokenRef},
    user::User,
};

use crate::{Ports, audit};

/// Returns `true` if a device token is that of a session of the account, which was not ended for suspicion or a new
/// password. A session that too many wrong passwords came from was the account's, too: it is asked about the reader of an
/// email, who has forgotten the password.
pub(crate) async fn is_of_session(
    ports: &Ports,
    token: Option<&str>,
    user: &User,
) -> Result<bool, StorageError> {
    let token = token.and_then(|token| ports.opaque_tokens.open(TokenPurpose::Device, token));
    let Some(token) = token else { return Ok(false) };
    let id = SessionId::from_uuid(token.row);
    let found = ports.storage.connect().await?.sessions().standing(id, None).await?;
    Ok(found.is_some_and(|Standing { session, user: owner, .. }| {
        let guessed = matches!(
            session.state,
            SessionState::Ended { reason: SessionEnd::TooManyFailures, .. }
        );
        owner.id == user.id && (guessed || session.vouches_for_client())
    }))
}

/// Counts a wrong password from a device that the account knows, or from one of its sessions. Such clients have budgets of
/// their own, so one that goes on guessing is known no longer.
pub(crate) async fn count_failure(
    ports: &Ports,
    user_id: UserId,
    device: TokenRef,
    client: &Client,
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
        tracing::info!(event = kind.as_str(), %user_id, "device forgotten after too many wrong passwords");
    }
    Ok(())
}
