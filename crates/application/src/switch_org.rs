//! Working in another organisation.

use doorward_domain::{
    OrgId,
    ports::{SigningFailed, StorageError},
    token::AccessToken,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings,
    authorize::{self, Forbidden},
    failure::fails_with,
    tokens::{self, Grant},
};

/// Hands out an access token for another of the caller's organisations. The tokens handed out
/// before stay good for theirs, so that two tabs can work in two organisations.
#[derive(Debug)]
pub struct SwitchOrg {
    ports: Ports,
    settings: Settings,
}

/// The caller stays where they are.
#[derive(Debug, thiserror::Error)]
pub enum SwitchOrgError {
    /// The caller does not belong there, or there is no such organisation: the two are not told
    /// apart.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(SwitchOrgError: StorageError, SigningFailed);

impl SwitchOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case for an organisation's id as it was sent.
    ///
    /// # Errors
    /// See [`SwitchOrgError`].
    #[instrument(level = "debug", name = "switch org", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
    ) -> Result<(OrgId, AccessToken), SwitchOrgError> {
        authorize::verified(caller, &self.settings)?;
        let org_id: OrgId = org_id.parse().map_err(|_| Forbidden::ORG_ACCESS)?;
        let mut repositories = self.ports.storage.connect().await?;
        let role = repositories
            .sessions()
            .switch_org(caller.session_id, org_id)
            .await?
            .ok_or(Forbidden::ORG_ACCESS)?;
        let grant = Grant {
            user_id: caller.user.id,
            session_id: caller.session_id,
            workspace: Some((org_id, role)),
            is_platform_admin: caller.user.is_platform_admin,
        };
        Ok((org_id, tokens::access(&self.ports, self.settings.access_lifetime, &grant)?))
    }
}
