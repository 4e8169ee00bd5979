//! Asking for a new password.

use doorward_domain::{email::EmailAddress, mail::MailSubject, ports::StorageError};
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with, resend_verification::ask};

/// Takes the wish for a new password. Whether there is an account is looked up by the worker, so
/// that nothing about the answer, not even its time, depends on it.
#[derive(Debug)]
pub struct ForgotPassword {
    ports: Ports,
}

/// The wish was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ForgotPasswordError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ForgotPasswordError: StorageError);

impl ForgotPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`ForgotPasswordError`].
    #[instrument(level = "debug", name = "forgot password", skip_all)]
    pub async fn run(&self, email: EmailAddress) -> Result<(), ForgotPasswordError> {
        Ok(ask(&self.ports, email, MailSubject::ResetRequested).await?)
    }
}
