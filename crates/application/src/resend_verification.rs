//! Asking for the verification mail again.

use doorward_domain::{
    MailId,
    email::EmailAddress,
    mail::{MailSender, MailSubject, OutboxEntry},
    ports::StorageError,
};
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with};

/// Takes the wish for another verification mail. Whether there is an account is looked up by the
/// worker, so that nothing about the answer, not even its time, depends on it.
#[derive(Debug)]
pub struct ResendVerification {
    ports: Ports,
}

/// The wish was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ResendVerificationError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ResendVerificationError: StorageError);

impl ResendVerification {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`ResendVerificationError`].
    #[instrument(level = "debug", name = "resend verification", skip_all)]
    pub async fn run(&self, email: EmailAddress) -> Result<(), ResendVerificationError> {
        Ok(ask(&self.ports, email, MailSubject::VerificationRequested).await?)
    }
}

/// Leaves a request for the worker, in one statement.
pub(crate) async fn ask(
    ports: &Ports,
    to: EmailAddress,
    subject: MailSubject,
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
