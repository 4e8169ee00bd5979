//! Where am I signed in?

use doorward_domain::{
    SessionId, UserId,
    page::{Page, PageRequest},
    ports::StorageError,
    session::Session,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings,
    authorize::{self, Forbidden},
    failure::fails_with,
};

/// Lists sessions that go on, the newest first.
#[derive(Debug)]
pub struct ListSessions {
    ports: Ports,
    settings: Settings,
}

/// The sessions were not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListSessionsError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], where that is required.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(ListSessionsError: StorageError);

impl ListSessions {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// The caller's sessions.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    #[instrument(level = "debug", name = "list sessions", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        page: PageRequest<SessionId>,
    ) -> Result<Page<Session, SessionId>, ListSessionsError> {
        authorize::verified(caller, &self.settings)?;
        self.of(caller.user.id, page).await
    }

    /// The caller's sessions, with the one that the caller uses first of all, and nowhere else.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    pub async fn own_first(
        &self,
        caller: &Caller,
        page: PageRequest<SessionId>,
    ) -> Result<Page<Session, SessionId>, ListSessionsError> {
        let is_first_page = page.after.is_none();
        let mut found = self.run(caller, page).await?;
        let is_own = |session: &Session| session.id == caller.session_id;
        let own = found.items.iter().position(is_own).map(|at| found.items.remove(at));
        if is_first_page {
            let own = match own {
                Some(own) => Some(own),
                // It is older than all that fit on the page.
                None => self.find(caller.session_id).await?,
            };
            found.items.splice(..0, own);
        }
        Ok(found)
    }

    async fn find(&self, id: SessionId) -> Result<Option<Session>, StorageError> {
        let mut repositories = self.ports.storage.connect().await?;
        let standing = repositories.sessions().standing(id, None).await?;
        Ok(standing.map(|standing| standing.session))
    }

    /// A person's sessions: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`ListSessionsError`].
    #[instrument(level = "debug", name = "list sessions of", skip_all)]
    pub async fn of(
        &self,
        user_id: UserId,
        page: PageRequest<SessionId>,
    ) -> Result<Page<Session, SessionId>, ListSessionsError> {
        let now = self.ports.clock.now();
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.sessions().list_live(user_id, now, page).await?)
    }
}
