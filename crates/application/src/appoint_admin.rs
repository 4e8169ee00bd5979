//! Who runs this server.

use doorward_domain::{UserId, audit::AuditKind, ports::StorageError};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Makes people administrators of the whole server, and ends that: for operators, who are asked nothing here.
#[derive(Debug)]
pub struct AppointAdmin {
    ports: Ports,
}

/// The person is what they were.
#[derive(Debug, thiserror::Error)]
pub enum AppointAdminError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// The email address of the account is not verified: the user who registered it may not be its owner.
    #[error(
        "the email address of the account is not verified, so it may have been registered by someone else: let \
         them verify it, run doorward user verify if you know that it is theirs, or repeat with --force"
    )]
    Unverified,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(AppointAdminError: StorageError);

impl AppointAdmin {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Lets a person run this server, and says whether that is a change. An account whose email address is not
    /// verified is refused, unless `force`.
    ///
    /// # Errors
    /// See [`AppointAdminError`].
    #[instrument(level = "debug", name = "appoint admin grant", skip_all)]
    pub async fn grant(&self, id: UserId, force: bool) -> Result<bool, AppointAdminError> {
        self.set(id, (true, force), AuditKind::AdminGranted).await
    }

    /// Lets a person run this server no more, and says whether that is a change. It holds from their next
    /// request on.
    ///
    /// # Errors
    /// See [`AppointAdminError`].
    #[instrument(level = "debug", name = "appoint admin revoke", skip_all)]
    pub async fn revoke(&self, id: UserId) -> Result<bool, AppointAdminError> {
        self.set(id, (false, false), AuditKind::AdminRevoked).await
    }

    async fn set(
        &self,
        id: UserId,
        (admin, force): (bool, bool),
        kind: AuditKind,
    ) -> Result<bool, AppointAdminError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        if !work.users().set_platform_admin(id, admin, now).await? {
            let user = work.users().find(id).await?;
            return user.map(|_| false).ok_or(AppointAdminError::NotFound);
        }
        if admin && !force {
            // Judged where it was changed: what is refused leaves nothing, since nothing is committed.
            let user = work.users().find(id).await?.ok_or(AppointAdminError::NotFound)?;
            if !user.is_verified() {
                return Err(AppointAdminError::Unverified);
            }
        }
        work.audit().record(&audit::by_an_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, "platform administrators changed");
        Ok(true)
    }
}
