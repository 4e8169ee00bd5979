use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl,
    SelectableHelper,
    sql_types::{Integer, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    InviteId, OrgId,
    account::email::EmailAddress,
    org::{
        OrgName,
        invite::{Invite, InviteRenewal, InviteState, InviteWithOrg},
    },
    pagination::{Page, PageQuery},
    ports::{InviteRepository, StorageError},
};
use time::OffsetDateTime;

use crate::storage::{
    error::CorruptRow,
    sql::{
        column::{DbId, DbTime, Id, Instant},
        dispatch::{read, rows_after_completion, write},
        row::{corrupt, counter_from_db, counter_to_db, one_more, role_from_db},
        schema::{invites, orgs},
        selection::row,
        statement::statement,
    },
    unit_of_work::SqlUnitOfWork,
};

row! {
    struct InviteRow from invites as InviteColumns {
        id: DbId,
        org_id: DbId,
        email: String,
        role: String,
        invited_by: DbId,
        counter: i32,
        created_at: DbTime,
        expires_at: DbTime,
        accepted_at: Option<DbTime>,
        revoked_at: Option<DbTime>,
    }
}

impl TryFrom<InviteRow> for Invite {
    type Error = CorruptRow;

    fn try_from(row: InviteRow) -> Result<Self, CorruptRow> {
        let state = match (row.accepted_at, row.revoked_at) {
            (Some(at), _) => InviteState::Accepted { at: at.into() },
            (None, Some(at)) => InviteState::Revoked { at: at.into() },
            (None, None) => InviteState::Pending,
        };
        Ok(Self {
            id: row.id.into(),
            org_id: row.org_id.into(),
            email: EmailAddress::from_stored(row.email),
            role: role_from_db(&row.role, "invites", row.id)?,
            invited_by: row.invited_by.into(),
            counter: counter_from_db(row.counter, "invites", row.id)?,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
            state,
        })
    }
}

statement! {
    /// Inserts an invite, or renews the pending one.
    UpsertInvite -> (Id, Id, Text, Text, Id, Integer, Instant, Instant, Nullable<Instant>, Nullable<Instant>) {
        id: DbId,
        org_id: DbId,
        email: String,
        email_key: String,
        role: &'static str,
        invited_by: DbId,
        counter: i32,
        created_at: DbTime,
        expires_at: DbTime,
    }
    "INSERT INTO invites (id, org_id, email, email_key, role, invited_by, counter, created_at, \
        expires_at) VALUES (", id, ", ", org_id, ", ", email, ", ", email_key, ", ", role, ", ",
    invited_by, ", ", counter, ", ", created_at, ", ", expires_at, ") \
     ON CONFLICT (org_id, email_key) WHERE accepted_at IS NULL AND revoked_at IS NULL \
     DO UPDATE SET email = excluded.email, role = excluded.role, \
        invited_by = excluded.invited_by, counter = invites.counter + 1, \
        created_at = excluded.created_at, expires_at = excluded.expires_at \
     RETURNING id, org_id, email, role, invited_by, counter, created_at, expires_at, \
        accepted_at, revoked_at",
}

statement! {
    /// The condition includes the organization, for tenant isolation.
    RenewInvite -> (Id, Id, Text, Text, Id, Integer, Instant, Instant, Nullable<Instant>, Nullable<Instant>) {
        id: DbId,
        org_id: DbId,
        invited_by: DbId,
        now: DbTime,
        expires_at: DbTime,
    }
    "UPDATE invites SET counter = counter + 1, invited_by = ", invited_by, ", created_at = ", now,
    ", expires_at = ", expires_at, " WHERE id = ", id, " AND org_id = ", org_id,
    " AND accepted_at IS NULL AND revoked_at IS NULL \
     RETURNING id, org_id, email, role, invited_by, counter, created_at, expires_at, \
        accepted_at, revoked_at",
}

statement! {
    /// A returned row means that the token was accepted. The condition on the inviter's role mirrors
    /// `Role::may_invite_as`.
    AcceptInvite -> (Id,) {
        id: DbId,
        counter: i32,
        now: DbTime,
    }
    "UPDATE invites SET accepted_at = ", now, " WHERE id = ", id, " AND counter = ", counter,
    " AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ", now, " AND EXISTS (\
        SELECT 1 FROM memberships JOIN users ON users.id = memberships.user_id \
        WHERE memberships.org_id = invites.org_id AND memberships.user_id = invites.invited_by \
        AND users.disabled_at IS NULL AND (memberships.role = 'owner' \
            OR (memberships.role = 'admin' AND invites.role <> 'owner'))) RETURNING id",
}

#[async_trait]
impl InviteRepository for SqlUnitOfWork {
    async fn upsert(&mut self, invite: &Invite) -> Result<Invite, StorageError> {
        let row: InviteRow = write!(self, |conn| {
            rows_after_completion(
                UpsertInvite {
                    id: invite.id.into(),
                    org_id: invite.org_id.into(),
                    email: invite.email.as_str().to_owned(),
                    email_key: invite.email.key(),
                    role: invite.role.as_str(),
                    invited_by: invite.invited_by.into(),
                    counter: counter_to_db(invite.counter),
                    created_at: invite.created_at.into(),
                    expires_at: invite.expires_at.into(),
                }
                .load(conn)
                .await,
            )
            .and_then(|row| row.ok_or(diesel::NotFound))
        })?;
        Ok(row.try_into()?)
    }

    async fn find(&mut self, id: InviteId) -> Result<Option<Invite>, StorageError> {
        let row = read!(self, |conn| {
            invites::table
                .find(DbId::from(id))
                .select(InviteRow::as_select())
                .first(conn)
                .await
                .optional()
        })?;
        row.map(Invite::try_from).transpose().map_err(Into::into)
    }

    async fn list_pending(
        &mut self,
        org_id: OrgId,
        page: PageQuery<InviteId>,
    ) -> Result<Page<Invite, InviteId>, StorageError> {
        // IDs sort by creation time.
        let before = DbId::from(page.after.unwrap_or(InviteId::LAST));
        let rows: Vec<InviteRow> = read!(self, |conn| {
            invites::table
                .filter(
                    invites::org_id
                        .eq(DbId::from(org_id))
                        .and(invites::id.lt(before))
                        .and(invites::accepted_at.is_null())
                        .and(invites::revoked_at.is_null()),
                )
                .order(invites::id.desc())
                .limit(one_more(page.limit))
                .select(InviteRow::as_select())
                .load(conn)
                .await
        })?;
        let found = rows.into_iter().map(Invite::try_from).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(found, page.limit, |invite| invite.id))
    }

    async fn list_all_pending(
        &mut self,
        page: PageQuery<InviteId>,
    ) -> Result<Page<InviteWithOrg, InviteId>, StorageError> {
        let before = DbId::from(page.after.unwrap_or(InviteId::LAST));
        let rows: Vec<(InviteRow, String)> = read!(self, |conn| {
            invites::table
                .inner_join(orgs::table.on(orgs::id.eq(invites::org_id)))
                .filter(
                    invites::id
                        .lt(before)
                        .and(invites::accepted_at.is_null())
                        .and(invites::revoked_at.is_null()),
                )
                .order(invites::id.desc())
                .limit(one_more(page.limit))
                .select((InviteRow::as_select(), orgs::name))
                .load(conn)
                .await
        })?;
        let found = rows.into_iter().map(|(row, name)| {
            let invite = Invite::try_from(row)?;
            let org_name = OrgName::parse(&name)
                .map_err(|e| corrupt("orgs", "name", invite.org_id.into(), &e))?;
            Ok(InviteWithOrg { invite, org_name })
        });
        let found = found.collect::<Result<Vec<_>, CorruptRow>>()?;
        Ok(Page::new(found, page.limit, |found| found.invite.id))
    }

    async fn renew(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        renewal: &InviteRenewal,
    ) -> Result<Option<Invite>, StorageError> {
        let row: Option<InviteRow> = write!(self, |conn| {
            rows_after_completion(
                RenewInvite {
                    id: id.into(),
                    org_id: org_id.into(),
                    invited_by: renewal.invited_by.into(),
                    now: renewal.now.into(),
                    expires_at: renewal.expires_at.into(),
                }
                .load(conn)
                .await,
            )
        })?;
        row.map(Invite::try_from).transpose().map_err(Into::into)
    }

    async fn accept(
        &mut self,
        id: InviteId,
        counter: u32,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let row = write!(self, |conn| {
            rows_after_completion(
                AcceptInvite { id: id.into(), counter: counter_to_db(counter), now: now.into() }
                    .load::<(DbId,)>(conn)
                    .await,
            )
        })?;
        Ok(row.is_some())
    }

    async fn revoke(
        &mut self,
        org_id: OrgId,
        id: InviteId,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let revoked = write!(self, |conn| {
            diesel::update(
                invites::table
                    .find(DbId::from(id))
                    .filter(invites::org_id.eq(DbId::from(org_id)))
                    .filter(invites::accepted_at.is_null())
                    .filter(invites::revoked_at.is_null()),
            )
            .set(invites::revoked_at.eq(DbTime::from(now)))
            .execute(conn)
            .await
        })?;
        Ok(revoked == 1)
    }

    async fn revoke_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        write!(self, |conn| {
            diesel::update(
                invites::table
                    .filter(invites::accepted_at.is_null().and(invites::revoked_at.is_null())),
            )
            .set(invites::revoked_at.eq(DbTime::from(now)))
            .execute(conn)
            .await
        })
    }
}
