//! Listing the pending invites of an organization.

use doorward_domain::{
    InviteId, OrgId,
    org::{
        invite::{Invite, InviteWithOrg},
        role::Permission,
    },
    pagination::{Page, PageQuery},
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Lists the invites that were neither used nor revoked, newest first. Expired invites are included, because they can be
/// sent again.
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

    /// Returns the pending invites of one of the caller's organizations. Requires [`Permission::InviteList`].
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "list_invites", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        page: PageQuery<InviteId>,
    ) -> Result<InvitePage, OrgAccessError> {
        let needed = Permission::InviteList;
        let (mut repositories, workspace) =
            org::authorize_read(&self.ports, &self.settings, caller, org_id, needed).await?;
        Ok(repositories.invites().list_pending(workspace.org.id, page).await?)
    }

    /// Returns the pending invites of all organizations, with the names of the organizations. Performs no authorization; call
    /// only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`CommonError`].
    #[instrument(level = "debug", name = "list_invites_all", skip_all)]
    pub async fn all(
        &self,
        page: PageQuery<InviteId>,
    ) -> Result<Page<InviteWithOrg, InviteId>, CommonError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.invites().list_all_pending(page).await?)
    }

    /// Returns the pending invites of any organization. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "list_invites_of", skip_all)]
    pub async fn of(
        &self,
        org_id: OrgId,
        page: PageQuery<InviteId>,
    ) -> Result<InvitePage, OrgAccessError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.invites().list_pending(org_id, page).await?)
    }
}
