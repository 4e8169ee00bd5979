//! What has become of the mails?

use doorward_domain::{
    MailId,
    mail::{MailStateName, StoredMail},
    page::{Page, PageRequest},
    ports::StorageError,
};
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with};

/// Lists the outbox, the newest first: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct ListMails {
    ports: Ports,
}

/// The mails were not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListMailsError {
    /// There is no such mail.
    #[error("there is no mail {0}: it may have been sent more than a week ago, or come to nothing")]
    NotFound(MailId),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ListMailsError: StorageError);

impl ListMails {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// The mails in a state, or all.
    ///
    /// # Errors
    /// See [`ListMailsError`].
    #[instrument(level = "debug", name = "list mails", skip_all)]
    pub async fn run(
        &self,
        state: Option<MailStateName>,
        page: PageRequest<MailId>,
    ) -> Result<Page<StoredMail, MailId>, ListMailsError> {
        Ok(self.ports.storage.connect().await?.outbox().list(state, page).await?)
    }

    /// One mail.
    ///
    /// # Errors
    /// See [`ListMailsError`].
    #[instrument(level = "debug", name = "list mails one", skip_all)]
    pub async fn one(&self, id: MailId) -> Result<StoredMail, ListMailsError> {
        let found = self.ports.storage.connect().await?.outbox().find(id).await?;
        found.ok_or(ListMailsError::NotFound(id))
    }
}
