use doorward_domain::{
    audit::AuditKind,
    credential::password::{Password, PasswordHash},
    ports::{HashError, Limit, Priority, RetryAfter, StorageError, Verification, VerifyTarget},
    session::Session,
    token::TokenRef,
};

use crate::{Caller, Ports, events::audit, password::hash_budget, sign_in::devices};

/// Errors returned by [`check`].
pub(crate) enum CheckError {
    Incorrect,
    TooManyFailures(RetryAfter),
    Storage(StorageError),
    Hasher(HashError),
}

impl From<StorageError> for CheckError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<HashError> for CheckError {
    fn from(error: HashError) -> Self {
        Self::Hasher(error)
    }
}

impl From<RetryAfter> for CheckError {
    fn from(error: RetryAfter) -> Self {
        Self::TooManyFailures(error)
    }
}

/// Verifies the current password of a signed-in user.
///
/// An incorrect password reveals as much here as at sign-in, so it is limited and recorded in the same way. The limit
/// applies to the session, whatever network the request comes from. A session with too many incorrect passwords ends.
/// Correct passwords are limited as well, per account and per network.
pub(crate) async fn check(
    ports: &Ports,
    caller: &Caller,
    current: Password,
    stored: PasswordHash,
) -> Result<(), CheckError> {
    // Taken even from a correct password: these hashes go first, and one account must not keep the queue full with them.
    hash_budget::spend(&*ports.limiter, "check", caller.user.id, &caller.client).await?;
    let bucket = format!("session:{}", caller.session_id);
    ports.limiter.take(Limit::LoginFailures, &bucket).await?;
    let verification =
        ports.hasher.verify(current, VerifyTarget::Hash(stored), Priority::Recognized).await;
    if matches!(verification, Ok(Verification::Mismatch)) {
        let (kind, client, session) = (AuditKind::LoginFailed, &caller.client, caller.session_id);
        let (user, org) = (caller.user.id, caller.org_id());
        let event = audit::event(ports, kind, client, user, org, Some(session));
        ports.storage.connect().await?.audit().record(&event).await?;
        let device = TokenRef { id: session.as_uuid(), counter: Session::FIRST_GENERATION };
        devices::count_failure(ports, user, device, client).await?;
        tracing::info!(event = kind.as_str(), user_id = %user, "current password incorrect");
        return Err(CheckError::Incorrect);
    }
    ports.limiter.release(Limit::LoginFailures, &bucket).await;
    verification?;
    Ok(())
}

/// Implements the conversion with which `?` turns a [`CheckError`] into the error of a use case.
macro_rules! fails_check {
    ($error:ty) => {
        impl From<$crate::password::current::CheckError> for $error {
            fn from(error: $crate::password::current::CheckError) -> Self {
                use $crate::password::current::CheckError;
                match error {
                    CheckError::Incorrect => Self::PasswordIncorrect,
                    CheckError::TooManyFailures(retry) => Self::TooManyFailures(retry),
                    CheckError::Storage(error) => error.into(),
                    CheckError::Hasher(error) => error.into(),
                }
            }
        }
    };
}

pub(crate) use fails_check;
