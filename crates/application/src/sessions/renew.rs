//! Replacing the caller's session by a new one, so that copies of its tokens are no longer valid.

use doorward_domain::{
    ports::{SigningFailed, StorageError, UnitOfWork},
    session::{Session, SessionEndReason},
    token::{PlainToken, TokenPair},
};
use time::OffsetDateTime;

use crate::{
    Caller, CommonError, Ports, Settings, error::common_error, sign_in::complete::NewSession,
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

/// Opens a new session for the caller, and ends all other sessions of the user. The caller's former session ends with
/// the reason [`SessionEndReason::Renewed`], and the other sessions end with the given reason. Returns the new session,
/// its tokens, and the number of other sessions ended.
pub(crate) async fn renew(
    ports: &Ports,
    settings: &Settings,
    caller: &Caller,
    work: &mut dyn UnitOfWork,
    (reason, now): (SessionEndReason, OffsetDateTime),
) -> Result<(Session, Renewed, usize), RenewError> {
    let user = &caller.user;
    let new = NewSession::create(ports, settings, user, caller.workspace, &caller.client, now)?;
    let id = new.session.id;
    // Opened first, because it locks the account's row: sign-ins and password changes lock it before session rows.
    new.open(work).await?;
    if !work.sessions().end(user.id, caller.session_id, SessionEndReason::Renewed, now).await? {
        // Revoked after it was authenticated, or renewed by another request.
        return Err(RenewError::SessionEnded);
    }
    let ended = work.sessions().end_all(user.id, Some(id), reason, now).await?;
    let NewSession { session, tokens, device_token, .. } = new;
    Ok((session, Renewed { tokens, device_token }, ended))
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
