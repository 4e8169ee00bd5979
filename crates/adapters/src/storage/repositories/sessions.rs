mod statements;

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
    dsl::{case_when, sql},
    sql_types::{Bool, Nullable},
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    OrgId, SessionId, UserId,
    org::role::Role,
    pagination::{Page, PageQuery},
    ports::{SessionRepository, StorageError, VerifiedPassword},
    session::{RefreshAttempt, RefreshedSession, Session, SessionContext, SessionEndReason},
};
use time::OffsetDateTime;
use tracing::Instrument;

use crate::storage::{
    sql::{
        column::{DbId, DbTime, Instant},
        dialect,
        dispatch::{lookup, read, rows_after_completion, sql_span, write},
        row::{SessionRow, UserRow, counter_from_db, counter_to_db, one_more, role_from_db},
        schema::sessions,
    },
    unit_of_work::SqlUnitOfWork,
};
use statements::{
    DeleteEnded, EndExcess, EndSession, InheritSession, ReadSessionContext, RevokeSome,
    RotateSession, SwitchOrg,
};

/// The maximum number of sessions that one statement ends beyond the limit of an account. There are more only if a
/// database is older than the limit.
const MOST_EXCESS: i32 = 1_000;

/// The condition of the index `sessions_recognized`, in the text of a statement: planners don't recognize it with
/// parameters.
const RECOGNIZED: &str = "(ended_reason IS NULL OR ended_reason = 'logged_out')";

#[diesel::declare_sql_function]
extern "SQL" {
    /// Returns the first argument that is not null.
    #[sql_name = "coalesce"]
    fn coalesce_time(first: Nullable<Instant>, second: Nullable<Instant>) -> Nullable<Instant>;
}

type SessionContextRow = (SessionRow, UserRow, Option<String>);
type RotatedRow = (i32, DbId, Option<DbId>, Option<String>, bool, bool, bool);

fn session_context(row: SessionContextRow) -> Result<SessionContext, StorageError> {
    let (session, user, role) = row;
    let role = role.map(|role| role_from_db(&role, "memberships", user.id)).transpose()?;
    Ok(SessionContext { session: session.try_into()?, user: user.into(), role })
}

fn rotated(id: DbId, row: RotatedRow) -> Result<RefreshedSession, StorageError> {
    let (generation, user_id, org, role, is_platform_admin, email_verified, network_changed) = row;
    let role = role.map(|role| role_from_db(&role, "memberships", user_id)).transpose()?;
    Ok(RefreshedSession {
        generation: counter_from_db(generation, "sessions", id)?,
        user_id: user_id.into(),
        workspace: org.map(Into::into).zip(role),
        is_platform_admin,
        email_verified,
        network_changed,
    })
}

#[async_trait]
impl SessionRepository for SqlUnitOfWork {
    async fn open(&mut self, session: &Session) -> Result<(), StorageError> {
        let opened = dialect::open_session(self, SessionRow::from(session), None);
        if opened.instrument(sql_span!("write")).await? {
            Ok(())
        } else {
            Err(StorageError::Fault("the session's user does not exist".into()))
        }
    }

    async fn open_by_password(
        &mut self,
        session: &Session,
        verified: VerifiedPassword,
    ) -> Result<bool, StorageError> {
        let opened = dialect::open_session(self, SessionRow::from(session), Some(verified));
        opened.instrument(sql_span!("write")).await
    }

    async fn rotate(
        &mut self,
        rotation: &RefreshAttempt,
    ) -> Result<Option<RefreshedSession>, StorageError> {
        let id = DbId::from(rotation.session_id);
        let row = write!(self, |conn| {
            rows_after_completion(
                RotateSession {
                    id,
                    presented: counter_to_db(rotation.generation),
                    step: rotation.rotate.into(),
                    now: rotation.now.into(),
                    network: rotation.network.to_string(),
                    user_agent: rotation.user_agent.clone(),
                    idle_expires_at: rotation.idle_expires_at.into(),
                    org_id: rotation.org_id.map(Into::into),
                    verified_only: rotation.require_verified_email,
                }
                .load::<RotatedRow>(conn)
                .await,
            )
        })?;
        row.map(|row| rotated(id, row)).transpose()
    }

    async fn find_with_user(
        &mut self,
        id: SessionId,
        org_id: Option<OrgId>,
    ) -> Result<Option<SessionContext>, StorageError> {
        let row = lookup!(self, |conn| {
            ReadSessionContext { id: id.into(), org_id: org_id.map(Into::into) }
                .get_result::<SessionContextRow>(conn)
                .await
                .optional()
        })?;
        row.map(session_context).transpose()
    }

    async fn switch_org(
        &mut self,
        id: SessionId,
        org_id: OrgId,
    ) -> Result<Option<Role>, StorageError> {
        let row = write!(self, |conn| {
            rows_after_completion(
                SwitchOrg { id: id.into(), org_id: org_id.into() }.load::<(String,)>(conn).await,
            )
        })?;
        let role = |(role,): (String,)| role_from_db(&role, "memberships", id.into());
        row.map(role).transpose().map_err(Into::into)
    }

    async fn list_live(
        &mut self,
        user_id: UserId,
        now: OffsetDateTime,
        page: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, StorageError> {
        let (user_id, now) = (DbId::from(user_id), DbTime::from(now));
        // IDs sort by creation time.
        let before = DbId::from(page.after.unwrap_or(SessionId::LAST));
        let one_more = one_more(page.limit);
        let rows = read!(self, |conn| {
            sessions::table
                .filter(
                    sessions::user_id
                        .eq(user_id)
                        .and(sessions::id.lt(before))
                        .and(sessions::ended_at.is_null())
                        .and(sql::<Bool>(RECOGNIZED))
                        .and(sessions::idle_expires_at.gt(now))
                        .and(sessions::expires_at.gt(now)),
                )
                .order(sessions::id.desc())
                .limit(one_more)
                .select(SessionRow::as_select())
                .load(conn)
                .await
        })?;
        let found: Result<Vec<Session>, StorageError> =
            rows.into_iter().map(|row: SessionRow| row.try_into().map_err(Into::into)).collect();
        Ok(Page::new(found?, page.limit, |session| session.id))
    }

    async fn end(
        &mut self,
        user_id: UserId,
        id: SessionId,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let row = write!(self, |conn| {
            rows_after_completion(
                EndSession {
                    id: id.into(),
                    user_id: user_id.into(),
                    reason: reason.as_str(),
                    now: now.into(),
                }
                .load::<(DbId,)>(conn)
                .await,
            )
        })?;
        Ok(row.is_some())
    }

    async fn end_by(&mut self, id: SessionId, at: OffsetDateTime) -> Result<bool, StorageError> {
        let at = DbTime::from(at);
        let changed = write!(self, |conn| {
            let ends_before = sessions::expires_at.lt(at);
            let earlier = case_when(ends_before, sessions::expires_at).otherwise(at);
            diesel::update(sessions::table.find(DbId::from(id)))
                .filter(sessions::ended_at.is_null())
                .set(sessions::expires_at.eq(earlier))
                .execute(conn)
                .await
        })?;
        Ok(changed == 1)
    }

    async fn inherit(&mut self, id: SessionId, from: SessionId) -> Result<(), StorageError> {
        write!(self, |conn| {
            InheritSession { id: id.into(), from: from.into() }.execute(conn).await
        })?;
        Ok(())
    }

    async fn end_all(
        &mut self,
        user_id: UserId,
        except: Option<SessionId>,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        let except = DbId::from(except.unwrap_or(SessionId::NONE));
        let now = DbTime::from(now);
        let ends: Vec<Option<DbTime>> = write!(self, |conn| {
            diesel::update(
                sessions::table
                    .filter(sessions::user_id.eq(DbId::from(user_id)).and(sessions::id.ne(except)))
                    .filter(sql::<Bool>(RECOGNIZED)),
            )
            .set((
                sessions::org_id.eq(None::<DbId>),
                sessions::ended_at.eq(coalesce_time(sessions::ended_at, Some(now))),
                sessions::ended_reason.eq(reason.as_str()),
            ))
            .returning(sessions::ended_at)
            .load(conn)
            .await
        })?;
        Ok(ends.into_iter().filter(|end| *end == Some(now)).count())
    }

    async fn end_excess(
        &mut self,
        user_id: UserId,
        keep: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        write!(self, |conn| {
            EndExcess {
                user_id: user_id.into(),
                keep: counter_to_db(keep),
                most: MOST_EXCESS,
                reason: SessionEndReason::TooManySessions.as_str(),
                now: now.into(),
            }
            .execute(conn)
            .await
        })
    }

    async fn revoke_some(
        &mut self,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        write!(self, |conn| {
            RevokeSome {
                now: now.into(),
                revoked: SessionEndReason::Revoked.as_str(),
                logged_out: SessionEndReason::LoggedOut.as_str(),
                limit: counter_to_db(limit),
            }
            .execute(conn)
            .await
        })
    }

    async fn delete_ended(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        write!(self, |conn| {
            DeleteEnded { before: before.into(), limit: counter_to_db(limit) }.execute(conn).await
        })
    }
}
