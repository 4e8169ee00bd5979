//! Listing the messages of the outbox, for operators.

use doorward_domain::{
    MailId,
    mail::{MailStateName, StoredMail},
    pagination::{Page, PageQuery},
    ports::StorageError,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error};

/// Lists the messages of the outbox, newest first. Performs no authorization; call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct ListMails {
    ports: Ports,
}

/// Errors returned by [`ListMails::run`] and [`ListMails::one`].
#[derive(Debug, thiserror::Error)]
pub enum ListMailsError {
    /// The message doesn't exist.
    #[error(
        "there is no message {0}: it may have been sent more than a week ago, or dropped as obsolete"
    )]
    NotFound(MailId),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ListMailsError: StorageError);

impl ListMails {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Returns the messages in a state, or all messages.
    ///
    /// # Errors
    /// See [`ListMailsError`].
    #[instrument(level = "debug", name = "list_mail", skip_all)]
    pub async fn run(
        &self,
        state: Option<MailStateName>,
        page: PageQuery<MailId>,
    ) -> Result<Page<StoredMail, MailId>, ListMailsError> {
        Ok(self.ports.storage.connect().await?.outbox().list(state, page).await?)
    }

    /// Returns one message.
    ///
    /// # Errors
    /// See [`ListMailsError`].
    #[instrument(level = "debug", name = "get_mail", skip_all)]
    pub async fn one(&self, id: MailId) -> Result<StoredMail, ListMailsError> {
        let found = self.ports.storage.connect().await?.outbox().find(id).await?;
        found.ok_or(ListMailsError::NotFound(id))
    }
}
