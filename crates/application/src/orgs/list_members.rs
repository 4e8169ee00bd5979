//! Listing the members of an organization.

use doorward_domain::{
    OrgId, UserId,
    org::{membership::Member, role::Permission},
    pagination::{Page, PageQuery},
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::org::{self, OrgAccessError},
};

/// Lists the members of an organization, newest account first.
#[derive(Debug)]
pub struct ListMembers {
    ports: Ports,
    settings: Settings,
}

type MemberPage = Page<Member, UserId>;

impl ListMembers {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns the members of one of the caller's organizations, with the fields that the caller may see. Requires
    /// [`Permission::MemberList`].
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "list_members", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        page: PageQuery<UserId>,
    ) -> Result<MemberPage, OrgAccessError> {
        let needed = Permission::MemberList;
        let (mut repositories, workspace) =
            org::authorize_read(&self.ports, &self.settings, caller, org_id, needed).await?;
        let Page { items, next } = repositories.memberships().list(workspace.org.id, page).await?;
        let items = items.into_iter().map(|member| member.seen_by(workspace.role)).collect();
        Ok(Page { items, next })
    }

    /// Returns the members of any organization. Performs no authorization; call only on behalf of a trusted operator.
    ///
    /// # Errors
    /// See [`OrgAccessError`].
    #[instrument(level = "debug", name = "list_members_of", skip_all)]
    pub async fn of(
        &self,
        org_id: OrgId,
        page: PageQuery<UserId>,
    ) -> Result<MemberPage, OrgAccessError> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.memberships().list(org_id, page).await?)
    }
}
