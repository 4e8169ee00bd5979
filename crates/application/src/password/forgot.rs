//! Requesting a password reset.

use doorward_domain::{account::email::EmailAddress, mail::MailKind, ports::StorageError};
use tracing::instrument;

use crate::{CommonError, Ports, account::resend_verification::ask, error::common_error};

/// Queues a request for a password reset email. Requires no authorization.
///
/// The worker looks the account up later, so neither the response nor its timing reveals whether the account exists.
#[derive(Debug)]
pub struct ForgotPassword {
    ports: Ports,
}

/// Errors returned by [`ForgotPassword::run`].
#[derive(Debug, thiserror::Error)]
pub enum ForgotPasswordError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ForgotPasswordError: StorageError);

impl ForgotPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Queues the request.
    ///
    /// # Errors
    /// See [`ForgotPasswordError`].
    #[instrument(level = "debug", name = "forgot_password", skip_all)]
    pub async fn run(&self, email: EmailAddress) -> Result<(), ForgotPasswordError> {
        Ok(ask(&self.ports, email, MailKind::ResetRequested).await?)
    }
}
