//! Switching to another organization.

use doorward_domain::{
    OrgId,
    audit::AuditKind,
    org::role::Role,
    ports::{SigningFailed, StorageError},
    token::AccessToken,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
    events::audit,
    sessions::tokens::{self, Grant},
};

/// Issues an access token for another of the caller's organizations. Tokens that were issued before stay valid for
/// their organizations, so that two tabs can use two organizations.
///
/// The new token expires no later than the presented one, so that a stolen access token can't be used to extend itself.
/// A refresh issues tokens of the full lifetime.
#[derive(Debug)]
pub struct SwitchOrg {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`SwitchOrg::run`].
#[derive(Debug, thiserror::Error)]
pub enum SwitchOrgError {
    /// [`Forbidden::ORG_ACCESS`], if the organization doesn't exist or the caller is not a member of it (the error
    /// doesn't reveal which); or [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and
    /// the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(SwitchOrgError: StorageError, SigningFailed);

impl SwitchOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns an access token for the organization with this ID, which is parsed as the client sent it.
    ///
    /// # Errors
    /// See [`SwitchOrgError`].
    #[instrument(level = "debug", name = "switch_org", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
    ) -> Result<(OrgId, AccessToken), SwitchOrgError> {
        denied::require_verified_email(caller, &self.settings)?;
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

    /// Makes the next refresh continue in the organization. Returns the caller's role, or `None` if the caller is not a
    /// member.
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
