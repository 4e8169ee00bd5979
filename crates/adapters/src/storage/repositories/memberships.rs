use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, dsl,
    dsl::exists, select, sql_types,
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    OrgId, UserId,
    account::{email::EmailAddress, profile::FullName, username::Username},
    org::{
        membership::{Member, Membership, UserMembership},
        role::Role,
    },
    pagination::{Page, PageQuery},
    ports::{MembershipRepository, StorageError},
};
use time::OffsetDateTime;
use tracing::Instrument;

use super::orgs::{OrgRow, org};
use crate::storage::{
    sql::{
        column::{DbId, DbTime},
        dialect,
        dispatch::{read, sql_span, write},
        row::{one_more, role_from_db},
        schema::{memberships, orgs, users},
    },
    unit_of_work::SqlUnitOfWork,
};

/// Counts the other members of an organization. Written as SQL text, since the count belongs to no table.
const OTHERS: &str = "(SELECT count(*) FROM memberships AS other \
    WHERE other.org_id = memberships.org_id AND other.user_id <> memberships.user_id)";

/// Counts the other owners.
const OTHER_OWNERS: &str = "(SELECT count(*) FROM memberships AS other \
    WHERE other.org_id = memberships.org_id AND other.user_id <> memberships.user_id \
    AND other.role = 'owner')";

type BelongingRow = (OrgRow, String, i64, i64);

fn belonging(user_id: UserId, row: BelongingRow) -> Result<UserMembership, StorageError> {
    let (row, role, others, other_owners) = row;
    Ok(UserMembership {
        org: org(row)?,
        role: role_from_db(&role, "memberships", user_id.into())?,
        other_members: others.unsigned_abs(),
        other_owners: other_owners.unsigned_abs(),
    })
}

type MemberRow = (DbId, String, Option<String>, String, String, DbTime);

fn member(row: MemberRow) -> Result<Member, StorageError> {
    let (id, username, full_name, email, role, joined_at) = row;
    Ok(Member {
        user_id: id.into(),
        username: Username::from_stored(username),
        full_name: full_name.map(FullName::from_stored),
        email: Some(EmailAddress::from_stored(email)),
        role: role_from_db(&role, "memberships", id)?,
        joined_at: joined_at.into(),
    })
}

#[async_trait]
impl MembershipRepository for SqlUnitOfWork {
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

    async fn insert_owner(
        &mut self,
        user_id: UserId,
        org_id: OrgId,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        dialect::insert_owner(self, user_id.into(), org_id.into(), now.into(), limit)
            .instrument(sql_span!("write"))
            .await
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

    async fn list_for_user(
        &mut self,
        user_id: UserId,
    ) -> Result<Vec<UserMembership>, StorageError> {
        let rows: Vec<BelongingRow> = read!(self, |conn| {
            memberships::table
                .inner_join(orgs::table.on(orgs::id.eq(memberships::org_id)))
                .filter(memberships::user_id.eq(DbId::from(user_id)))
                .order((memberships::joined_at.asc(), memberships::org_id.asc()))
                .select((
                    orgs::all_columns,
                    memberships::role,
                    dsl::sql::<sql_types::BigInt>(OTHERS),
                    dsl::sql::<sql_types::BigInt>(OTHER_OWNERS),
                ))
                .load(conn)
                .await
        })?;
        rows.into_iter().map(|row| belonging(user_id, row)).collect()
    }

    async fn lock_for_user(&mut self, user_id: UserId) -> Result<(), StorageError> {
        dialect::hold_belongings(self, user_id.into()).instrument(sql_span!("write")).await
    }

    async fn list(
        &mut self,
        org_id: OrgId,
        page: PageQuery<UserId>,
    ) -> Result<Page<Member, UserId>, StorageError> {
        // IDs sort by creation time.
        let before = DbId::from(page.after.unwrap_or(UserId::LAST));
        let rows = read!(self, |conn| {
            memberships::table
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .filter(
                    memberships::org_id.eq(DbId::from(org_id)).and(memberships::user_id.lt(before)),
                )
                .order(memberships::user_id.desc())
                .limit(one_more(page.limit))
                .select((
                    users::id,
                    users::username,
                    users::full_name,
                    users::email,
                    memberships::role,
                    memberships::joined_at,
                ))
                .load::<MemberRow>(conn)
                .await
        })?;
        let found = rows.into_iter().map(member).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(found, page.limit, |member| member.user_id))
    }

    async fn has_email(
        &mut self,
        org_id: OrgId,
        email: &EmailAddress,
    ) -> Result<bool, StorageError> {
        let key = email.key();
        read!(self, |conn| {
            let member = memberships::table
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .filter(memberships::org_id.eq(DbId::from(org_id)).and(users::email_key.eq(&key)));
            select(exists(member)).get_result(conn).await
        })
    }

    async fn has_other_owner(
        &mut self,
        org_id: OrgId,
        user_id: UserId,
    ) -> Result<bool, StorageError> {
        read!(self, |conn| {
            let owner = memberships::table
                .inner_join(users::table.on(users::id.eq(memberships::user_id)))
                .filter(
                    memberships::org_id
                        .eq(DbId::from(org_id))
                        .and(memberships::user_id.ne(DbId::from(user_id)))
                        .and(memberships::role.eq(Role::Owner.as_str()))
                        .and(users::disabled_at.is_null()),
                );
            select(exists(owner)).get_result(conn).await
        })
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
