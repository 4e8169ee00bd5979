use doorward_domain::{
    audit::AuditKind,
    password::{Password, PasswordHash},
    ports::{Against, HashError, Limit, Priority, RetryAfter, StorageError, Verification},
    session::Session,
    token::TokenRef,
};

use crate::{Caller, Ports, audit, devices};

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

/// Checks the password of a user who is signed in.
///
/// Guesses here count as guesses at sign-in do, for they tell as much, and are written down as such. They come from
/// a session that is open, so they have a bucket of that session, wherever they come from. A session that guesses too often
/// ends.
pub(crate) async fn check(
    ports: &Ports,
    caller: &Caller,
    current: Password,
    stored: PasswordHash,
) -> Result<(), CheckError> {
    let bucket = format!("session:{}", caller.session_id);
    ports.limiter.take(Limit::LoginFailures, &bucket).await?;
    let verification =
        ports.hasher.verify(current, Against::Hash(stored), Priority::Recognized).await;
    if matches!(verification, Ok(Verification::Wrong)) {
        let (kind, client, session) = (AuditKind::LoginFailed, &caller.client, caller.session_id);
        let (user, org) = (caller.user.id, caller.org_id());
        let event = audit::event(ports, kind, client, user, org, Some(session));
        ports.storage.connect().await?.audit().record(&event).await?;
        let device = TokenRef { row: session.as_uuid(), counter: Session::FIRST_GENERATION };
        devices::count_failure(ports, user, device, client).await?;
        tracing::info!(event = kind.as_str(), user_id = %user, "current password wrong");
        return Err(CheckError::Incorrect);
    }
    ports.limiter.give_back(Limit::LoginFailures, &bucket).await;
    verification?;
    Ok(())
}

/// Lets `?` turn a [`CheckError`] into the error of a use case.
macro_rules! fails_check {
    ($error:ty) => {
        impl From<$crate::current_password::CheckError> for $error {
            fn from(error: $crate::current_password::CheckError) -> Self {
                use $crate::current_password::CheckError;
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
