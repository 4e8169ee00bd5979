//! Working in another organisation.

use doorward_domain::{
    OrgId,
    audit::AuditKind,
    ports::{SigningFailed, StorageError},
    role::Role,
    token::AccessToken,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
    failure::fails_with,
    tokens::{self, Grant},
};

/// Issues an access token for another of the caller's organizations. The tokens that were issued before stay valid
/// for theirs, so that two tabs can work in two organizations.
///
/// The new token expires when the presented one does: an access token that was stolen can't be made to last longer
/// than the lifetime of one. A refresh issues tokens of the full lifetime.
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
        let role = self.switch(caller, org_id).await?.ok_or(Forbidden::ORG_ACCESS)?;
        let grant = Grant {
            user_id: caller.user.id,
            session_id: caller.session_id,
            workspace: Some((org_id, role)),
            is_platform_admin: caller.user.is_platform_admin,
            email_verified: caller.user.is_verified(),
        };
        let lifetime = self.settings.access_lifetime;
        let token = tokens::access_until(&self.ports, lifetime, &grant, caller.token_expires_at)?;
        Ok((org_id, token))
    }

    /// Has the next refresh continue there. Returns the caller's role, or `None` if the caller is not a member.
    async fn switch(&self, caller: &Caller, org_id: OrgId) -> Result<Option<Role>, StorageError> {
        let (user_id, session_id) = (caller.user.id, caller.session_id);
        let mut work = self.ports.storage.begin().await?;
        let Some(role) = work.sessions().switch_org(session_id, org_id).await? else {
            return Ok(None);
        };
        let kind = AuditKind::OrgSwitched;
        let (org, session) = (Some(org_id), Some(session_id));
        let event = audit::event(&self.ports, kind, &caller.client, user_id, org, session);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), %user_id, %session_id, "switched organization");
        Ok(Some(role))
    }
}
