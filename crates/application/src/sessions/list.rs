//! Listing the sessions of a user.

use doorward_domain::{
    SessionId, UserId,
    pagination::{Page, PageQuery},
    ports::StorageError,
    session::Session,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
};

/// Lists live sessions, newest first.
#[derive(Debug)]
pub struct ListSessions {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`ListSessions::run`].
#[derive(Debug, thiserror::Error)]
pub enum ListSessionsError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(ListSessionsError: StorageError);

impl ListSessions {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the caller's sessions.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    #[instrument(level = "debug", name = "list_sessions", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        page: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, ListSessionsError> {
        denied::require_verified_email(caller, &self.settings)?;
        self.of(caller.user.id, page).await
    }

    /// Returns the caller's sessions as [`run`](Self::run) does, but with the current session at the start of the first
    /// page and on no other page.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    pub async fn own_first(
        &self,
        caller: &Caller,
        page: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, ListSessionsError> {
        let is_first_page = page.after.is_none();
        let mut found = self.run(caller, page).await?;
        let is_own = |session: &Session| session.id == caller.session_id;
        let own = found.items.iter().position(is_own).map(|at| found.items.remove(at));
        if is_first_page {
            let own = match own {
                Some(own) => Some(own),
                // The session is older than all sessions on the first page.
                None => self.find(caller.session_id).await?,
            };
            found.items.splice(..0, own);
        }
        Ok(found)
    }

    async fn find(&self, id: SessionId) -> Result<Option<Session>, StorageError> {
        let mut repositories = self.ports.storage.connect().await?;
        let session_context = repositories.sessions().find_with_user(id, None).await?;
        Ok(session_context.map(|session_context| session_context.session))
    }

    /// Returns a user's sessions. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    #[instrument(level = "debug", name = "list_sessions_of", skip_all)]
    pub async fn of(
        &self,
        user_id: UserId,
        page: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, ListSessionsError> {
        let now = self.ports.clock.now();
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.sessions().list_live(user_id, now, page).await?)
    }
}
