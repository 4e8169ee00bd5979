//! Granting and revoking the platform administrator role, for operators.

use doorward_domain::{UserId, audit::AuditKind, ports::StorageError};
use tracing::instrument;

use crate::{CommonError, Ports, admin::find_user::UNVERIFIED, error::common_error, events::audit};

/// Grants and revokes the role of platform administrator, which covers the whole server. Performs no authorization;
/// call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct SetPlatformAdmin {
    ports: Ports,
}

/// Errors returned by [`SetPlatformAdmin::grant`] and [`SetPlatformAdmin::revoke`]. The role is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum SetPlatformAdminError {
    /// The account doesn't exist.
    #[error("the account does not exist")]
    NotFound,
    /// The email address of the account is not verified: the user who registered it might not own the address.
    #[error("{UNVERIFIED}")]
    Unverified,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(SetPlatformAdminError: StorageError);

impl SetPlatformAdmin {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Makes a user a platform administrator. Returns `true` if they were not one before. Rejects an account whose
    /// email address is not verified, unless `force` is set.
    ///
    /// # Errors
    /// See [`SetPlatformAdminError`].
    #[instrument(level = "debug", name = "appoint_admin_grant", skip_all)]
    pub async fn grant(&self, id: UserId, force: bool) -> Result<bool, SetPlatformAdminError> {
        self.set(id, (true, force), AuditKind::AdminGranted).await
    }

    /// Revokes the role of a platform administrator. Returns `true` if the user had it. Takes effect with the user's
    /// next request.
    ///
    /// # Errors
    /// See [`SetPlatformAdminError`].
    #[instrument(level = "debug", name = "appoint_admin_revoke", skip_all)]
    pub async fn revoke(&self, id: UserId) -> Result<bool, SetPlatformAdminError> {
        self.set(id, (false, false), AuditKind::AdminRevoked).await
    }

    async fn set(
        &self,
        id: UserId,
        (admin, force): (bool, bool),
        kind: AuditKind,
    ) -> Result<bool, SetPlatformAdminError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        if !work.users().set_platform_admin(id, admin, now).await? {
            let user = work.users().find(id).await?;
            return user.map(|_| false).ok_or(SetPlatformAdminError::NotFound);
        }
        if admin && !force {
            // Checked in the unit of work that made the change: on an error nothing is committed.
            let user = work.users().find(id).await?.ok_or(SetPlatformAdminError::NotFound)?;
            if !user.is_verified() {
                return Err(SetPlatformAdminError::Unverified);
            }
        }
        work.audit().record(&audit::by_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, "platform administrator role changed");
        Ok(true)
    }
}
