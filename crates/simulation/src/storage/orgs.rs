use async_trait::async_trait;
use doorward_domain::{
    OrgId, UserId,
    org::{Org, OrgName, OrgWithRole},
    pagination::{Page, PageQuery},
    ports::{OrgRepository, StorageError},
};

use super::{
    state::{State, is_there_already, page},
    work::Work,
};

impl State {
    fn workspace_in(&self, id: OrgId, user_id: UserId) -> Option<OrgWithRole> {
        let role = self.role(user_id, id)?;
        self.orgs.get(&id).map(|org| OrgWithRole { org: org.clone(), role })
    }

    fn delete_org(&mut self, id: OrgId) -> bool {
        self.memberships.remove_all(|membership| membership.org_id == id);
        self.invites.remove_all(|invite| invite.org_id == id);
        for session in self.sessions.matching(|session| session.org_id == Some(id)) {
            session.org_id = None;
        }
        for account in self.users.matching(|account| account.user.default_org == Some(id)) {
            account.user.default_org = None;
        }
        self.orgs.remove(&id)
    }
}

#[async_trait]
impl OrgRepository for Work {
    async fn insert(&mut self, org: &Org) -> Result<(), StorageError> {
        self.try_write(|state| {
            if state.orgs.insert(org.id, org.clone()) { Ok(()) } else { Err(is_there_already()) }
        })
        .await
    }

    async fn find(&mut self, id: OrgId) -> Result<Option<Org>, StorageError> {
        self.read(|state| state.orgs.get(&id).cloned()).await
    }

    async fn find_for(
        &mut self,
        id: OrgId,
        user_id: UserId,
    ) -> Result<Option<OrgWithRole>, StorageError> {
        self.read(|state| state.workspace_in(id, user_id)).await
    }

    async fn list_for(
        &mut self,
        user_id: UserId,
        request: PageQuery<OrgId>,
    ) -> Result<Page<OrgWithRole, OrgId>, StorageError> {
        self.read(|state| {
            let orgs = state.orgs.iter().rev().map(|(id, org)| (*id, org));
            let theirs = orgs.filter(|(id, _)| state.role(user_id, *id).is_some());
            let page = page(theirs, request, |org| state.workspace_in(org.id, user_id));
            Page { items: page.items.into_iter().flatten().collect(), next: page.next }
        })
        .await
    }

    async fn list(&mut self, request: PageQuery<OrgId>) -> Result<Page<Org, OrgId>, StorageError> {
        self.read(|state| {
            page(state.orgs.iter().rev().map(|(id, org)| (*id, org)), request, Org::clone)
        })
        .await
    }

    /// Does nothing but check: a unit of work is exclusive.
    async fn lock(&mut self, id: OrgId) -> Result<bool, StorageError> {
        self.write(|state| state.orgs.contains(&id)).await
    }

    async fn rename(&mut self, id: OrgId, name: &OrgName) -> Result<bool, StorageError> {
        self.write(|state| {
            let org = state.orgs.get_mut(&id);
            org.map(|org| org.name = name.clone()).is_some()
        })
        .await
    }

    async fn delete(&mut self, id: OrgId) -> Result<bool, StorageError> {
        self.write(|state| state.delete_org(id)).await
    }
}
