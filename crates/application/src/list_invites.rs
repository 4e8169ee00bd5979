//! Who has been asked into an organisation?

use doorward_domain::{
    InviteId, OrgId,
    invite::{Invite, InviteWithOrg},
    page::{Page, PageRequest},
    role::Permission,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Lists the invites that nobody has used or taken back, the newest first. Those past their time are among them: they can be sent again.
#[derive(Debug)]
pub struct ListInvites {
    ports: Ports,
    settings: Settings,
}

type InvitePage = Page<Invite, InviteId>;

impl ListInvites {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Those of an organisation of the caller's.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "list invites", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        page: PageRequest<InviteId>,
    ) -> Result<InvitePage, OrgDenied> {
        let needed = Permission::InviteList;
        let (mut repositories, workspace) =
            in_org::look(&self.ports, &self.settings, caller, org_id, needed).await?;
        Ok(repositories.invites().list_pending(workspace.org.id, page).await?)
    }

    /// Returns those of all organizations, with their names. Performs no authorization: for operators.
    ///
    /// # Errors
    /// See [`Failure`].
    #[instrument(level = "debug", name = "list invites all", skip_all)]
    pub async fn all(
        &self,
        page: PageRequest<InviteId>,
    ) -> Result<Page<InviteWithOrg, InviteId>, Failure> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.invites().list_all_pending(page).await?)
    }

    /// Those of any organisation: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "list invites of", skip_all)]
    pub async fn of(
        &self,
        org_id: OrgId,
        page: PageRequest<InviteId>,
    ) -> Result<InvitePage, OrgDenied> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.invites().list_pending(org_id, page).await?)
    }
}
