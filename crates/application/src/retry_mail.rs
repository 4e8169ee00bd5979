//! Trying a mail again that was given up.

use doorward_domain::{
    MailId,
    audit::AuditKind,
    mail::{MailState, MailStateName},
    page::{PageLimit, PageRequest},
    ports::StorageError,
};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Makes mails due at once, as if they had not been tried: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct RetryMail {
    ports: Ports,
}

/// No mail was made due.
#[derive(Debug, thiserror::Error)]
pub enum RetryMailError {
    /// There is no such mail.
    #[error("there is no mail {0}: it may have been sent more than a week ago, or come to nothing")]
    NotFound(MailId),
    /// It has gone out.
    #[error("the mail has been sent already: let the person ask for another one")]
    Sent,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(RetryMailError: StorageError);

impl RetryMail {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// One mail. If it is being sent at this moment, it may go out twice, with the same `Message-ID`.
    ///
    /// # Errors
    /// See [`RetryMailError`].
    #[instrument(level = "debug", name = "retry mail", skip_all)]
    pub async fn run(&self, id: MailId) -> Result<(), RetryMailError> {
        let mut work = self.ports.storage.begin().await?;
        if !work.outbox().release(id, self.ports.clock.now()).await? {
            let found = work.outbox().find(id).await?.map(|mail| mail.state);
            return Err(match found {
                Some(MailState::Sent { .. }) => RetryMailError::Sent,
                Some(MailState::Waiting { .. } | MailState::Parked { .. }) | None => {
                    RetryMailError::NotFound(id)
                }
            });
        }
        let kind = AuditKind::MailRetried;
        work.audit().record(&audit::by_the_server(&self.ports, kind)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), mail_id = %id, "mail made due");
        Ok(())
    }

    /// All that were given up, and says how many it were.
    ///
    /// # Errors
    /// See [`RetryMailError`].
    #[instrument(level = "debug", name = "retry mail all parked", skip_all)]
    pub async fn all_parked(&self) -> Result<usize, RetryMailError> {
        let (mut released, mut after) = (0, None);
        loop {
            let mut repositories = self.ports.storage.connect().await?;
            let page = PageRequest { limit: PageLimit::DEFAULT, after };
            let page = repositories.outbox().list(Some(MailStateName::Parked), page).await?;
            drop(repositories);
            for mail in page.items {
                match self.run(mail.id).await {
                    Ok(()) => released += 1,
                    // Somebody else was faster.
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
