//! Making an organisation to work in together.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::AuditKind,
    client::Client,
    org::{Org, OrgName, Workspace},
    ports::StorageError,
    role::Role,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings, audit,
    authorize::{self, Forbidden},
    failure::fails_with,
};

/// Makes an organisation, whose first member is its owner.
#[derive(Debug)]
pub struct CreateOrg {
    ports: Ports,
    settings: Settings,
}

/// No organisation was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateOrgError {
    /// [`Forbidden::EMAIL_UNVERIFIED`], where that is required; [`Forbidden::ORG_CREATE`]: the settings don't let the
    /// caller create one, or another one.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(CreateOrgError: StorageError);

impl CreateOrg {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Makes one for the caller.
    ///
    /// # Errors
    /// See [`CreateOrgError`].
    #[instrument(level = "debug", name = "create org", skip_all)]
    pub async fn run(&self, caller: &Caller, name: OrgName) -> Result<Workspace, CreateOrgError> {
        authorize::verified(caller, &self.settings)?;
        let (user, policy) = (&caller.user, &self.settings.orgs);
        if !policy.creation.permits(user) {
            return Err(Forbidden::ORG_CREATE.into());
        }
        let by = (user.id, policy.max_owned_by(user));
        self.store(by, name, &caller.client, Some(caller.session_id)).await
    }

    /// Makes one for somebody: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`CreateOrgError`]; an account that is not there is a failure.
    #[instrument(level = "debug", name = "create org owned by", skip_all)]
    pub async fn owned_by(
        &self,
        owner: UserId,
        name: OrgName,
    ) -> Result<Workspace, CreateOrgError> {
        self.store((owner, u32::MAX), name, &Client::itself(), None).await
    }

    async fn store(
        &self,
        (user_id, max_owned): (UserId, u32),
        name: OrgName,
        client: &Client,
        session_id: Option<SessionId>,
    ) -> Result<Workspace, CreateOrgError> {
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
        tracing::info!(event = kind.as_str(), %org_id, %user_id, "organization made");
        Ok(Workspace { org, role })
    }
}
