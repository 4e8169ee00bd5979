//! Requesting another verification email.

use doorward_domain::{
    MailId,
    account::email::EmailAddress,
    mail::{MailKind, MailSender, OutboxEntry},
    ports::StorageError,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Queues a request for another verification email. Requires no authorization.
///
/// The worker looks the account up later, so neither the response nor its timing reveals whether the account exists.
#[derive(Debug)]
pub struct ResendVerification {
    ports: Ports,
}

/// Errors returned by [`ResendVerification::run`].
#[derive(Debug, thiserror::Error)]
pub enum ResendVerificationError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ResendVerificationError: StorageError);

impl ResendVerification {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Queues the request.
    ///
    /// # Errors
    /// See [`ResendVerificationError`].
    #[instrument(level = "debug", name = "resend_verification", skip_all)]
    pub async fn run(&self, email: EmailAddress) -> Result<(), ResendVerificationError> {
        Ok(ask(&self.ports, email, MailKind::VerificationRequested).await?)
    }
}

/// Queues a request for the worker, in one statement.
pub(crate) async fn ask(
    ports: &Ports,
    to: EmailAddress,
    subject: MailKind,
) -> Result<(), StorageError> {
    let entry = OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        sender: MailSender::recipient(&to),
        to,
        subject,
        created_at: ports.clock.now(),
        attempts: 0,
    };
    ports.storage.connect().await?.outbox().enqueue(&entry).await
}
