//! Creating a shared organization.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::AuditKind,
    org::{Org, OrgName, OrgWithRole, role::Role},
    ports::StorageError,
    request_context::RequestContext,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
    events::audit,
};

/// Creates a shared organization, whose first member is its owner.
#[derive(Debug)]
pub struct CreateOrg {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`CreateOrg::run`] and [`CreateOrg::owned_by`]. No organization was created.
#[derive(Debug, thiserror::Error)]
pub enum CreateOrgError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified; or
    /// [`Forbidden::ORG_CREATE`], if the settings don't allow the caller to create an organization, or another one.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(CreateOrgError: StorageError);

impl CreateOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Creates an organization that the caller owns, if [`Settings::orgs`] permits it.
    ///
    /// # Errors
    /// See [`CreateOrgError`].
    #[instrument(level = "debug", name = "create_org", skip_all)]
    pub async fn run(&self, caller: &Caller, name: OrgName) -> Result<OrgWithRole, CreateOrgError> {
        denied::require_verified_email(caller, &self.settings)?;
        let (user, policy) = (&caller.user, &self.settings.orgs);
        if !policy.creation.permits(user) {
            return Err(Forbidden::ORG_CREATE.into());
        }
        let by = (user.id, policy.max_owned_by(user));
        self.store(by, name, &caller.client, Some(caller.session_id)).await
    }

    /// Creates an organization that a user owns. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`CreateOrgError`]. An owner that doesn't exist is a [`CreateOrgError::Failure`].
    #[instrument(level = "debug", name = "create_org_owned_by", skip_all)]
    pub async fn owned_by(
        &self,
        owner: UserId,
        name: OrgName,
    ) -> Result<OrgWithRole, CreateOrgError> {
        self.store((owner, u32::MAX), name, &RequestContext::internal(), None).await
    }

    async fn store(
        &self,
        (user_id, max_owned): (UserId, u32),
        name: OrgName,
        client: &RequestContext,
        session_id: Option<SessionId>,
    ) -> Result<OrgWithRole, CreateOrgError> {
        let now = self.ports.clock.now();
        let org = Org::shared(OrgId::from_uuid(self.ports.ids.next()), name, now);
        let (org_id, role) = (org.id, Role::Owner);
        let mut work = self.ports.storage.begin().await?;
        work.orgs().insert(&org).await?;
        if !work.memberships().insert_owner(user_id, org_id, max_owned, now).await? {
            return Err(Forbidden::ORG_CREATE.into());
        }
        let kind = AuditKind::OrgCreated;
        let event = audit::event(&self.ports, kind, client, user_id, Some(org_id), session_id);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), %org_id, %user_id, "organization created");
        Ok(OrgWithRole { org, role })
    }
}
