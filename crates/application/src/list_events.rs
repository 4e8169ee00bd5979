//! What has happened?

use doorward_domain::{
    AuditEventId, UserId,
    audit::AuditEvent,
    page::{Page, PageRequest},
    ports::StorageError,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings,
    authorize::{self, Forbidden},
    failure::fails_with,
};

/// Lists the audit trail, the newest first.
#[derive(Debug)]
pub struct ListEvents {
    ports: Ports,
    settings: Settings,
}

/// The audit trail was not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListEventsError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], where that is required.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ListEventsError: StorageError);

type EventPage = Page<AuditEvent, AuditEventId>;

impl ListEvents {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// What has happened to the caller's account.
    ///
    /// # Errors
    /// See [`ListEventsError`].
    #[instrument(level = "debug", name = "list events own", skip_all)]
    pub async fn own(
        &self,
        caller: &Caller,
        page: PageRequest<AuditEventId>,
    ) -> Result<EventPage, ListEventsError> {
        authorize::verified(caller, &self.settings)?;
        self.of(Some(caller.user.id), page).await
    }

    /// What has happened to one account, or to all: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`ListEventsError`].
    #[instrument(level = "debug", name = "list events of", skip_all)]
    pub async fn of(
        &self,
        user_id: Option<UserId>,
        page: PageRequest<AuditEventId>,
    ) -> Result<EventPage, ListEventsError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.audit().list(user_id, page).await?)
    }
}
