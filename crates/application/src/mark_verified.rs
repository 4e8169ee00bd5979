//! Vouching for an e-mail address.

use doorward_domain::{UserId, audit::AuditKind, ports::StorageError};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Marks the address that an account has as its person's own, without a mail: for operators, who are asked
/// nothing here.
#[derive(Debug)]
pub struct MarkVerified {
    ports: Ports,
}

/// Nothing was marked.
#[derive(Debug, thiserror::Error)]
pub enum MarkVerifiedError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(MarkVerifiedError: StorageError);

impl MarkVerified {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case, and says whether it is a change.
    ///
    /// # Errors
    /// See [`MarkVerifiedError`].
    #[instrument(level = "debug", name = "mark verified", skip_all)]
    pub async fn run(&self, id: UserId) -> Result<bool, MarkVerifiedError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find(id).await?.ok_or(MarkVerifiedError::NotFound)?;
        if user.is_verified() {
            return Ok(false);
        }
        if !work.users().verify_email(id, &user.email, now).await? {
            return Err(MarkVerifiedError::NotFound);
        }
        let kind = AuditKind::EmailVerified;
        work.audit().record(&audit::by_an_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, "e-mail address vouched for");
        Ok(true)
    }
}
