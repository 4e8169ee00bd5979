//! A session in the place of the caller's, so that copies of its tokens open nothing.

use doorward_domain::{
    SessionId,
    ports::{SigningFailed, StorageError, UnitOfWork},
    session::{Session, SessionEnd},
    token::{PlainToken, TokenPair},
};
use time::OffsetDateTime;

use crate::{
    Caller, Failure, Ports, Settings,
    failure::fails_with,
    login::new_session,
    tokens::{self, Grant},
};

/// What a client goes on with.
#[derive(Debug)]
pub struct Renewed {
    /// The tokens of the new session.
    pub tokens: TokenPair,
    /// The device token of the new session.
    pub device_token: PlainToken,
}

/// Errors returned by [`renew`].
pub(crate) enum RenewError {
    SessionEnded,
    Failure(Failure),
}

fails_with!(RenewError: StorageError, SigningFailed);

/// Opens a session for the caller, and ends all others, the caller's own among them, for this reason. Returns how many
/// ended beside the caller's own.
pub(crate) async fn renew(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    work: &mut dyn UnitOfWork,
    (reason, now): (SessionEnd, OffsetDateTime),
) -> Result<(Session, Renewed, usize), RenewError> {
    let user = &caller.user;
    let id = SessionId::from_uuid(ports.ids.next());
    let session = new_session(id, user.id, caller.org_id(), &caller.client, settings.sessions, now);
    let grant = Grant {
        user_id: user.id,
        session_id: id,
        workspace: caller.workspace,
        is_platform_admin: user.is_platform_admin,
    };
    let tokens = tokens::pair(ports, settings.access_lifetime, &grant, session.generation)?;
    // First of all, as it takes the account's row: so do a sign-in and a new password before they take sessions.
    work.sessions().open(&session).await?;
    if !work.sessions().end(user.id, caller.session_id, SessionEnd::Renewed, now).await? {
        // Revoked since it was authenticated, or renewed by another request.
        return Err(RenewError::SessionEnded);
    }
    let ended = work.sessions().end_all(user.id, Some(id), reason, now).await?;
    Ok((session, Renewed { tokens, device_token: tokens::device(ports, id) }, ended))
}

/// Lets `?` turn a [`RenewError`] into the error of a use case.
macro_rules! fails_renewal {
    ($error:ty) => {
        impl From<$crate::renew::RenewError> for $error {
            fn from(error: $crate::renew::RenewError) -> Self {
                match error {
                    $crate::renew::RenewError::SessionEnded => Self::SessionEnded,
                    $crate::renew::RenewError::Failure(failure) => Self::Failure(failure),
                }
            }
        }
    };
}

pub(crate) use fails_renewal;
