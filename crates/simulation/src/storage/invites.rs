use async_trait::async_trait;
use doorward_domain::{
    InviteId, OrgId,
    org::invite::{Invite, InviteRenewal, InviteState, InviteWithOrg},
    pagination::{Page, PageQuery},
    ports::{InviteRepository, StorageError},
};
use time::OffsetDateTime;

use super::{
    state::{State, is_there_already, page, refers_to_nothing},
    work::Work,
};

impl State {
    fn upsert_invite(&mut self, new: &Invite) -> Result<Invite, StorageError> {
        if !self.orgs.contains(&new.org_id) || !self.users.contains(&new.invited_by) {
            return Err(refers_to_nothing());
        }
        let pending = self.invites.matching(|invite| {
            invite.state == InviteState::Pending
                && invite.org_id == new.org_id
                && invite.email.key() == new.email.key()
        });
        if let Some(pending) = pending.into_iter().next() {
            let (id, counter) = (pending.id, pending.counter + 1);
            *pending = Invite { id, counter, state: InviteState::Pending, ..new.clone() };
            return Ok(pending.clone());
        }
        let added = Invite { state: InviteState::Pending, ..new.clone() };
        if self.invites.insert(new.id, added.clone()) { Ok(added) } else { Err(is_there_already()) }
    }

    fn pending(&mut self, org_id: OrgId, id: InviteId) -> Option<&mut Invite> {
        self.invites
            .get_mut(&id)
            .filter(|invite| invite.org_id == org_id && invite.state == InviteState::Pending)
    }

    fn accept_invite(&mut self, id: InviteId, counter: u32, now: OffsetDateTime) -> bool {
        let Some(invite) = self.invites.get(&id).filter(|row| row.is_open(counter, now)) else {
            return false;
        };
        let inviter = self.users.get(&invite.invited_by);
        let is_active = inviter.is_some_and(|account| account.user.is_active());
        let role = self.role(invite.invited_by, invite.org_id);
        if !is_active || !role.is_some_and(|role| role.may_invite_as(invite.role)) {
            return false;
        }
        let invite = self.invites.get_mut(&id);
        invite.map(|invite| invite.state = InviteState::Accepted { at: now }).is_some()
    }
}

#[async_trait]
impl InviteRepository for Work {
    async fn upsert(&mut self, invite: &Invite) -> Result<Invite, StorageError> {
        self.try_write(|state| state.upsert_invite(invite)).await
    }

    async fn find(&mut self, id: InviteId) -> Result<Option<Invite>, StorageError> {
        self.read(|state| state.invites.get(&id).cloned()).await
    }

    async fn list_pending(
        &mut self,
        org_id: OrgId,
        request: PageQuery<InviteId>,
    ) -> Result<Page<Invite, InviteId>, StorageError> {
        self.read(|state| {
            let rows = state.invites.iter().rev().map(|(id, invite)| (*id, invite));
            let pending = rows.filter(|(_, invite)| {
                invite.org_id == org_id && invite.state == InviteState::Pending
            });
            page(pending, request, Invite::clone)
        })
        .await
    }

    async fn list_all_pending(
        &mut self,
        request: PageQuery<InviteId>,
    ) -> Result<Page<InviteWithOrg, InviteId>, StorageError> {
        self.read(|state| {
            let rows = state.invites.iter().rev().filter_map(|(id, invite)| {
                let org = state.orgs.get(&invite.org_id)?;
                let found = InviteWithOrg { invite: invite.clone(), org_name: org.name.clone() };
                (invite.state == InviteState::Pending).then_some((*id, found))
            });
            let rows: Vec<_> = rows.collect();
            page(rows.iter().map(|(id, row)| (*id, row)), request, InviteWithOrg::clone)
        })
        .await
    }

    async fn renew(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        renewal: &InviteRenewal,
    ) -> Result<Option<Invite>, StorageError> {
        self.try_write(|state| {
            if !state.users.contains(&renewal.invited_by) {
                return Err(refers_to_nothing());
            }
            let Some(invite) = state.pending(org_id, id) else { return Ok(None) };
            invite.counter += 1;
            invite.invited_by = renewal.invited_by;
            invite.created_at = renewal.now;
            invite.expires_at = renewal.expires_at;
            Ok(Some(invite.clone()))
        })
        .await
    }

    async fn accept(
        &mut self,
        id: InviteId,
        counter: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        self.write(|state| state.accept_invite(id, counter, now)).await
    }

    async fn revoke(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let pending = state.pending(org_id, id);
            pending.map(|invite| invite.state = InviteState::Revoked { at: now }).is_some()
        })
        .await
    }

    async fn revoke_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        self.write(|state| {
            let pending = state.invites.matching(|invite| invite.state == InviteState::Pending);
            let revoke = |invite: &mut Invite| invite.state = InviteState::Revoked { at: now };
            pending.into_iter().map(revoke).count()
        })
        .await
    }
}
