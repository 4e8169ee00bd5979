//! Who is in an organisation?

use doorward_domain::{
    OrgId, UserId,
    membership::Member,
    page::{Page, PageRequest},
    role::Permission,
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    in_org::{self, OrgDenied},
};

/// Lists an organisation's members, the newest account first.
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

    /// Those of an organisation of the caller's, as the caller may see them.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "list members", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        page: PageRequest<UserId>,
    ) -> Result<MemberPage, OrgDenied> {
        let needed = Permission::MemberList;
        let (mut repositories, workspace) =
            in_org::look(&self.ports, &self.settings, caller, org_id, needed).await?;
        let Page { items, next } = repositories.memberships().list(workspace.org.id, page).await?;
        let items = items.into_iter().map(|member| member.seen_by(workspace.role)).collect();
        Ok(Page { items, next })
    }

    /// Those of any organisation: for operators, who are asked nothing here.
    ///
    /// # Errors
    /// See [`OrgDenied`].
    #[instrument(level = "debug", name = "list members of", skip_all)]
    pub async fn of(
        &self,
        org_id: OrgId,
        page: PageRequest<UserId>,
    ) -> Result<MemberPage, OrgDenied> {
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.memberships().list(org_id, page).await?)
    }
}
