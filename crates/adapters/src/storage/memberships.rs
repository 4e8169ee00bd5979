use async_trait::async_trait;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    OrgId, UserId,
    membership::Membership,
    ports::{MembershipRepository, StorageError},
    role::Role,
};

use super::{
    column::{DbId, DbTime},
    dispatch::{read, write},
    row::role_from_db,
    schema::memberships,
    work::Work,
};

#[async_trait]
impl MembershipRepository for Work {
    async fn insert(&mut self, membership: &Membership) -> Result<bool, StorageError> {
        let inserted = write!(self, |conn| {
            diesel::insert_into(memberships::table)
                .values((
                    memberships::user_id.eq(DbId::from(membership.user_id)),
                    memberships::org_id.eq(DbId::from(membership.org_id)),
                    memberships::role.eq(membership.role.as_str()),
                    memberships::joined_at.eq(DbTime::from(membership.joined_at)),
                ))
                .on_conflict_do_nothing()
                .execute(conn)
                .await
        })?;
        Ok(inserted == 1)
    }

    async fn find(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<Option<Membership>, StorageError> {
        let row = read!(self, |conn| {
            memberships::table
                .find((DbId::from(user_id), DbId::from(org_id)))
                .select((memberships::role, memberships::joined_at))
                .first::<(String, DbTime)>(conn)
                .await
                .optional()
        })?;
        let Some((role, joined_at)) = row else { return Ok(None) };
        let role = role_from_db(&role, "memberships", user_id.into())?;
        Ok(Some(Membership { user_id, org_id, role, joined_at: joined_at.into() }))
    }

    async fn set_role(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
        role: Role,
    ) -> Result<bool, StorageError> {
        let changed = write!(self, |conn| {
            diesel::update(memberships::table.find((DbId::from(user_id), DbId::from(org_id))))
                .set(memberships::role.eq(role.as_str()))
                .execute(conn)
                .await
        })?;
        Ok(changed == 1)
    }

    async fn remove(&mut self, org_id: OrgId, user_id: UserId) -> Result<bool, StorageError> {
        let removed = write!(self, |conn| {
            diesel::delete(
                memberships::table.filter(
                    memberships::user_id
                        .eq(DbId::from(user_id))
                        .and(memberships::org_id.eq(DbId::from(org_id))),
                ),
            )
            .execute(conn)
            .await
        })?;
        Ok(removed == 1)
    }
}
