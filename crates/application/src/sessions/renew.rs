//! Replacing the caller's session by a new one, so that copies of its tokens are no longer valid.

use doorward_domain::{
    SessionId,
    ports::{SigningFailed, StorageError, UnitOfWork},
    session::{Session, SessionEndReason},
    token::{PlainToken, TokenPair},
};
use time::OffsetDateTime;

use crate::{
    Caller, CommonError, Ports, Settings,
    error::common_error,
    sessions::tokens::{self, Grant},
    sign_in::password::new_session,
};

/// The tokens of a session that replaces the caller's.
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
    Failure(CommonError),
}

common_error!(RenewError: StorageError, SigningFailed);

/// Opens a new session for the caller, and ends all other sessions of the user. The caller's former session ends as
/// renewed, the other sessions end with the given reason. Returns the new session, its tokens, and the number of other
/// sessions ended.
pub(crate) async fn renew(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    work: &mut dyn UnitOfWork,
    (reason, now): (SessionEndReason, OffsetDateTime),
) -> Result<(Session, Renewed, usize), RenewError> {
    let user = &caller.user;
    let id = SessionId::from_uuid(ports.ids.next());
    let session = new_session(id, user.id, caller.org_id(), &caller.client, settings.sessions, now);
    let grant = Grant {
        user_id: user.id,
        session_id: id,
        workspace: caller.workspace,
        is_platform_admin: user.is_platform_admin,
        email_verified: user.is_verified(),
    };
    let tokens = tokens::pair(ports, settings.access_lifetime, &grant, session.generation)?;
    // Opened first, because it locks the account's row: sign-ins and password changes lock it before session rows.
    work.sessions().open(&session).await?;
    if !work.sessions().end(user.id, caller.session_id, SessionEndReason::Renewed, now).await? {
        // Revoked after it was authenticated, or renewed by another request.
        return Err(RenewError::SessionEnded);
    }
    let ended = work.sessions().end_all(user.id, Some(id), reason, now).await?;
    Ok((session, Renewed { tokens, device_token: tokens::device(ports, id) }, ended))
}

/// Implements the conversion with which `?` turns a [`RenewError`] into the error of a use case.
macro_rules! fails_renewal {
    ($error:ty) => {
        impl From<$crate::sessions::renew::RenewError> for $error {
            fn from(error: $crate::sessions::renew::RenewError) -> Self {
                match error {
                    $crate::sessions::renew::RenewError::SessionEnded => Self::SessionEnded,
                    $crate::sessions::renew::RenewError::Failure(failure) => Self::Failure(failure),
                }
            }
        }
    };
}

pub(crate) use fails_renewal;
