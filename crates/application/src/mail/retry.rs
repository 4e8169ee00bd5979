//! Retrying failed messages of the outbox, for operators.

use doorward_domain::{
    MailId,
    audit::AuditKind,
    mail::{MailState, MailStateName},
    pagination::{PageQuery, PageSize},
    ports::StorageError,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error, events::audit};

/// Makes messages due immediately, as if they had not been tried. Performs no authorization; call only on behalf of a
/// trusted operator.
#[derive(Debug)]
pub struct RetryMail {
    ports: Ports,
}

/// Errors returned by [`RetryMail::run`] and [`RetryMail::all_failed`].
#[derive(Debug, thiserror::Error)]
pub enum RetryMailError {
    /// The message doesn't exist.
    #[error(
        "there is no message {0}: it may have been sent more than a week ago, or dropped as obsolete"
    )]
    NotFound(MailId),
    /// The message has already been sent.
    #[error("the message has already been sent; let the user request another one")]
    Sent,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(RetryMailError: StorageError);

impl RetryMail {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Makes one message due. If it is being sent at the same time, it may be sent twice, with the same `Message-ID`.
    ///
    /// # Errors
    /// See [`RetryMailError`].
    #[instrument(level = "debug", name = "retry_mail", skip_all)]
    pub async fn run(&self, id: MailId) -> Result<(), RetryMailError> {
        let mut work = self.ports.storage.begin().await?;
        if !work.outbox().retry_now(id, self.ports.clock.now()).await? {
            let found = work.outbox().find(id).await?.map(|mail| mail.state);
            return Err(match found {
                Some(MailState::Sent { .. }) => RetryMailError::Sent,
                Some(MailState::Waiting { .. } | MailState::Failed { .. }) | None => {
                    RetryMailError::NotFound(id)
                }
            });
        }
        let kind = AuditKind::MailRetried;
        work.audit().record(&audit::by_system(&self.ports, kind)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), mail_id = %id, "message queued for retry");
        Ok(())
    }

    /// Makes all failed messages due. Returns the number of messages.
    ///
    /// # Errors
    /// See [`RetryMailError`].
    #[instrument(level = "debug", name = "retry_all_failed_mail", skip_all)]
    pub async fn all_failed(&self) -> Result<usize, RetryMailError> {
        let (mut released, mut after) = (0, None);
        loop {
            let mut repositories = self.ports.storage.connect().await?;
            let page = PageQuery { limit: PageSize::DEFAULT, after };
            let page = repositories.outbox().list(Some(MailStateName::Failed), page).await?;
            drop(repositories);
            for mail in page.items {
                match self.run(mail.id).await {
                    Ok(()) => released += 1,
                    // Another process retried it first.
                    Err(RetryMailError::NotFound(_) | RetryMailError::Sent) => {}
                    Err(error @ RetryMailError::Failure(_)) => return Err(error),
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(released);
            }
        }
    }
}
