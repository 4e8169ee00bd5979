use async_trait::async_trait;
use doorward_domain::{
    OrgId, UserId,
    account::{email::EmailAddress, user::User},
    org::{
        Org,
        membership::{Member, Membership, UserMembership},
        role::Role,
    },
    pagination::{Page, PageQuery},
    ports::{MembershipRepository, StorageError},
};
use time::OffsetDateTime;

use super::{
    state::{State, page, refers_to_nothing},
    work::Work,
};

impl State {
    /// Returns the members of an organization with their accounts, the oldest account first.
    fn members(&self, org_id: OrgId) -> impl DoubleEndedIterator<Item = (&Membership, &User)> {
        let rows = self.memberships.rows().filter(move |row| row.org_id == org_id);
        rows.filter_map(|row| Some((row, &self.users.get(&row.user_id)?.user)))
    }

    fn join(&mut self, membership: &Membership) -> Result<bool, StorageError> {
        let Membership { user_id, org_id, .. } = *membership;
        if !self.users.contains(&user_id) || !self.orgs.contains(&org_id) {
            return Err(refers_to_nothing());
        }
        Ok(self.memberships.insert((user_id, org_id), *membership))
    }

    fn belonging(&self, membership: &Membership) -> Option<UserMembership> {
        let org = self.orgs.get(&membership.org_id)?.clone();
        let others = || self.members(org.id).filter(|(row, _)| row.user_id != membership.user_id);
        let (all, owners) =
            (others().count(), others().filter(|(row, _)| row.role == Role::Owner).count());
        let count = |number: usize| number.try_into().unwrap_or(u64::MAX);
        let role = membership.role;
        Some(UserMembership { other_members: count(all), other_owners: count(owners), org, role })
    }
}

fn member(membership: &Membership, user: &User) -> Member {
    Member {
        user_id: user.id,
        username: user.username.clone(),
        full_name: user.profile.full_name.clone(),
        email: Some(user.email.clone()),
        role: membership.role,
        joined_at: membership.joined_at,
    }
}

#[async_trait]
impl MembershipRepository for Work {
    async fn insert(&mut self, membership: &Membership) -> Result<bool, StorageError> {
        self.try_write(|state| state.join(membership)).await
    }

    async fn insert_owner(
        &mut self,
        user_id: UserId,
        org_id: OrgId,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let membership = Membership { user_id, org_id, role: Role::Owner, joined_at: now };
        self.try_write(|state| {
            let owned = state.memberships_of(user_id).into_iter().filter(|owned| {
                let is_shared = |org: &Org| org.kind.is_shared();
                owned.role == Role::Owner && state.orgs.get(&owned.org_id).is_some_and(is_shared)
            });
            let is_full = owned.count() >= usize::try_from(limit).unwrap_or(usize::MAX);
            if is_full { Ok(false) } else { state.join(&membership) }
        })
        .await
    }

    async fn find(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<Option<Membership>, StorageError> {
        self.read(|state| state.memberships.get(&(user_id, org_id)).copied()).await
    }

    async fn list(
        &mut self,
        org_id: OrgId,
        request: PageQuery<UserId>,
    ) -> Result<Page<Member, UserId>, StorageError> {
        self.read(|state| {
            let rows: Vec<_> = state.members(org_id).rev().collect();
            let rows = rows.iter().map(|row| (row.1.id, row));
            page(rows, request, |(membership, user)| member(membership, user))
        })
        .await
    }

    async fn has_email(
        &mut self,
        org_id: OrgId,
        email: &EmailAddress,
    ) -> Result<bool, StorageError> {
        let key = email.key();
        self.read(|state| state.members(org_id).any(|(_, user)| user.email.key() == key)).await
    }

    async fn has_other_owner(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<bool, StorageError> {
        self.read(|state| {
            state.members(org_id).any(|(membership, user)| {
                user.id != user_id && membership.role == Role::Owner && user.is_active()
            })
        })
        .await
    }

    async fn set_role(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
        role: Role,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let membership = state.memberships.get_mut(&(user_id, org_id));
            membership.map(|membership| membership.role = role).is_some()
        })
        .await
    }

    async fn list_for_user(
        &mut self,
        user_id: UserId,
    ) -> Result<Vec<UserMembership>, StorageError> {
        self.read(|state| {
            let memberships = state.memberships_of(user_id).into_iter();
            memberships.filter_map(|membership| state.belonging(membership)).collect()
        })
        .await
    }

    /// Does nothing: a unit of work is exclusive.
    async fn lock_for_user(&mut self, _user_id: UserId) -> Result<(), StorageError> {
        self.write(|_| ()).await
    }

    async fn remove(&mut self, org_id: OrgId, user_id: UserId) -> Result<bool, StorageError> {
        self.write(|state| state.memberships.remove(&(user_id, org_id))).await
    }
}
