//! Verifying an email address manually, for operators.

use doorward_domain::{UserId, audit::AuditKind, ports::StorageError};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error, events::audit};

/// Marks the email address of an account as verified, without an email. Performs no authorization; call only on behalf of
/// a trusted operator.
#[derive(Debug)]
pub struct VerifyEmailManually {
    ports: Ports,
}

/// Errors returned by [`VerifyEmailManually::run`].
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailManuallyError {
    /// The account doesn't exist, or its address was changed at the same time.
    #[error("the account does not exist")]
    NotFound,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(VerifyEmailManuallyError: StorageError);

impl VerifyEmailManually {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Marks the address as verified. Returns `true` if it was not verified before.
    ///
    /// # Errors
    /// See [`VerifyEmailManuallyError`].
    #[instrument(level = "debug", name = "verify_email_manually", skip_all)]
    pub async fn run(&self, id: UserId) -> Result<bool, VerifyEmailManuallyError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find(id).await?.ok_or(VerifyEmailManuallyError::NotFound)?;
        if user.is_verified() {
            return Ok(false);
        }
        if !work.users().verify_email(id, &user.email, now).await? {
            return Err(VerifyEmailManuallyError::NotFound);
        }
        let kind = AuditKind::EmailVerified;
        work.audit().record(&audit::by_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, "email marked verified by operator");
        Ok(true)
    }
}
