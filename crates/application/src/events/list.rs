//! Listing audit events.

use doorward_domain::{
    AuditEventId, UserId,
    audit::AuditEvent,
    pagination::{Page, PageQuery},
    ports::StorageError,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
};

/// Lists audit events, newest first.
#[derive(Debug)]
pub struct ListEvents {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`ListEvents::own`] and [`ListEvents::of`].
#[derive(Debug, thiserror::Error)]
pub enum ListEventsError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ListEventsError: StorageError);

type EventPage = Page<AuditEvent, AuditEventId>;

impl ListEvents {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the audit events of the caller's account.
    ///
    /// # Errors
    /// See [`ListEventsError`].
    #[instrument(level = "debug", name = "list_events_own", skip_all)]
    pub async fn own(
        &self,
        caller: &Caller,
        page: PageQuery<AuditEventId>,
    ) -> Result<EventPage, ListEventsError> {
        denied::require_verified_email(caller, &self.settings)?;
        self.of(Some(caller.user.id), page).await
    }

    /// Returns the audit events of one account, or all events. Performs no authorization; call only on behalf of a trusted
    /// operator.
    ///
    /// # Errors
    /// See [`ListEventsError`].
    #[instrument(level = "debug", name = "list_events_of", skip_all)]
    pub async fn of(
        &self,
        user_id: Option<UserId>,
        page: PageQuery<AuditEventId>,
    ) -> Result<EventPage, ListEventsError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.audit().list(user_id, page).await?)
    }
}
