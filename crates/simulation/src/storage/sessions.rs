use std::cmp::Reverse;

use async_trait::async_trait;
use doorward_domain::{
    OrgId, SessionId, UserId,
    org::role::Role,
    pagination::{Page, PageQuery},
    ports::{SessionRepository, StorageError, VerifiedPassword},
    session::{
        RefreshAttempt, RefreshedSession, Session, SessionContext, SessionEndReason, SessionState,
    },
};
use time::OffsetDateTime;

use super::{
    state::{Account, State, is_there_already, page, refers_to_nothing},
    work::Work,
};

impl State {
    /// Opens a session if the account satisfies a condition. Returns `true` if it did.
    fn open_session(
        &mut self,
        session: &Session,
        condition: impl Fn(&Account) -> bool,
    ) -> Result<bool, StorageError> {
        let account = self.users.get_mut(&session.user_id).filter(|account| condition(account));
        let Some(Account { user, .. }) = account else { return Ok(false) };
        user.last_login_at = Some(session.created_at);
        if session.org_id.is_some_and(|org| !self.orgs.contains(&org)) {
            return Err(refers_to_nothing());
        }
        let is_new = self.sessions.insert(session.id, session.clone());
        if is_new { Ok(true) } else { Err(is_there_already()) }
    }

    fn rotate_session(&mut self, rotation: &RefreshAttempt) -> Option<RefreshedSession> {
        let session = self.sessions.get(&rotation.session_id)?;
        let user = &self.users.get(&session.user_id)?.user;
        let may = session.generation == rotation.generation
            && session.is_live(rotation.now)
            && user.is_active()
            && (user.is_verified() || !rotation.require_verified_email)
            && rotation.org_id.is_none_or(|org| self.role(user.id, org).is_some());
        if !may {
            return None;
        }
        let wanted = rotation.org_id.or(session.org_id);
        let workspace = wanted
            .and_then(|org| Some((org, self.role(user.id, org)?)))
            .or_else(|| self.workspace(user));
        let (user_id, is_platform_admin) = (user.id, user.is_platform_admin);
        let email_verified = user.is_verified();
        let session = self.sessions.get_mut(&rotation.session_id)?;
        session.generation += u32::from(rotation.rotate);
        session.rotated_at = rotation.now;
        session.idle_expires_at = rotation.idle_expires_at;
        session.org_id = workspace.map(|(org, _)| org);
        let network_changed = session.last_network != rotation.network;
        session.last_network = rotation.network;
        session.last_user_agent.clone_from(&rotation.user_agent);
        Some(RefreshedSession {
            generation: session.generation,
            user_id,
            workspace,
            is_platform_admin,
            email_verified,
            network_changed,
        })
    }

    fn session_context(&self, id: SessionId, org_id: Option<OrgId>) -> Option<SessionContext> {
        let session = self.sessions.get(&id)?.clone();
        let user = self.users.get(&session.user_id)?.user.clone();
        let role = org_id.or(session.org_id).and_then(|org| self.role(user.id, org));
        Some(SessionContext { session, user, role })
    }

    fn switch_org(&mut self, id: SessionId, org_id: OrgId) -> Option<Role> {
        let session = self.sessions.get(&id)?;
        let role = self.role(session.user_id, org_id)?;
        let session = self.sessions.get_mut(&id)?;
        if session.state != SessionState::Live {
            return None;
        }
        session.org_id = Some(org_id);
        Some(role)
    }

    fn end_sessions(
        &mut self,
        user_id: UserId,
        except: Option<SessionId>,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> usize {
        let concerned = self.sessions.matching(|session| {
            session.user_id == user_id && Some(session.id) != except && may_end(session)
        });
        concerned.map(|session| end(session, reason, now)).filter(|at| *at == now).count()
    }
}

/// Returns `true` if a session is live or was only signed out of.
pub(super) fn may_end(session: &Session) -> bool {
    match session.state {
        SessionState::Live => true,
        SessionState::Ended { reason, .. } => reason == SessionEndReason::LoggedOut,
    }
}

/// Ends a session for a reason. Returns when it ended.
pub(super) fn end(
    session: &mut Session,
    reason: SessionEndReason,
    now: OffsetDateTime,
) -> OffsetDateTime {
    let at = match session.state {
        SessionState::Live => now,
        SessionState::Ended { at, .. } => at,
    };
    session.state = SessionState::Ended { at, reason };
    session.org_id = None;
    at
}

#[async_trait]
impl SessionRepository for Work {
    async fn open(&mut self, session: &Session) -> Result<(), StorageError> {
        self.try_write(|state| {
            if state.open_session(session, |_| true)? {
                Ok(())
            } else {
                Err(StorageError::Fault("the session's user does not exist".into()))
            }
        })
        .await
    }

    async fn open_by_password(
        &mut self,
        session: &Session,
        verified: VerifiedPassword,
    ) -> Result<bool, StorageError> {
        self.try_write(|state| {
            let failures = state.recent_failures(session.user_id);
            state.open_session(session, |account| {
                account.password_version == verified.version
                    && verified.failures_cap.is_none_or(|cap| failures < cap)
                    && account.password.is_some()
                    && account.user.is_active()
            })
        })
        .await
    }

    async fn rotate(
        &mut self,
        rotation: &RefreshAttempt,
    ) -> Result<Option<RefreshedSession>, StorageError> {
        self.write(|state| state.rotate_session(rotation)).await
    }

    async fn find_with_user(
        &mut self,
        id: SessionId,
        org_id: Option<OrgId>,
    ) -> Result<Option<SessionContext>, StorageError> {
        self.read(|state| state.session_context(id, org_id)).await
    }

    async fn switch_org(
        &mut self,
        id: SessionId,
        org_id: OrgId,
    ) -> Result<Option<Role>, StorageError> {
        self.write(|state| state.switch_org(id, org_id)).await
    }

    async fn list_live(
        &mut self,
        user_id: UserId,
        now: OffsetDateTime,
        request: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, StorageError> {
        self.read(|state| {
            let rows = state.sessions.iter().rev().map(|(id, session)| (*id, session));
            let live = rows.filter(|(_, row)| row.user_id == user_id && row.is_live(now));
            page(live, request, Session::clone)
        })
        .await
    }

    async fn end(
        &mut self,
        user_id: UserId,
        id: SessionId,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let live = state.sessions.get_mut(&id).filter(|session| {
                session.user_id == user_id && session.state == SessionState::Live
            });
            live.map(|session| end(session, reason, now)).is_some()
        })
        .await
    }

    async fn end_by(&mut self, id: SessionId, at: OffsetDateTime) -> Result<bool, StorageError> {
        self.write(|state| {
            let live =
                state.sessions.get_mut(&id).filter(|session| session.state == SessionState::Live);
            live.map(|session| session.expires_at = session.expires_at.min(at)).is_some()
        })
        .await
    }

    async fn inherit(&mut self, id: SessionId, from: SessionId) -> Result<(), StorageError> {
        self.write(|state| state.inherit(id, from)).await
    }

    async fn end_all(
        &mut self,
        user_id: UserId,
        except: Option<SessionId>,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        self.write(|state| state.end_sessions(user_id, except, reason, now)).await
    }

    async fn revoke_some(
        &mut self,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        let limit = limit.try_into().unwrap_or(usize::MAX);
        self.write(|state| {
            let some = state.sessions.matching(may_end).take(limit);
            some.map(|session| end(session, SessionEndReason::Revoked, now)).count()
        })
        .await
    }

    async fn end_excess(
        &mut self,
        user_id: UserId,
        keep: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        let keep = keep.try_into().unwrap_or(usize::MAX);
        self.write(|state| {
            let recognized = |session: &Session| session.user_id == user_id && may_end(session);
            let mut sessions: Vec<_> = state.sessions.matching(recognized).collect();
            sessions.sort_by_key(|it| {
                let used_at = match it.state {
                    SessionState::Live => it.rotated_at,
                    SessionState::Ended { at, .. } => at,
                };
                let is_live = it.state == SessionState::Live
                    && it.idle_expires_at > now
                    && it.expires_at > now;
                (!is_live, Reverse(used_at), Reverse(it.id))
            });
            let excess = sessions.into_iter().skip(keep);
            excess.map(|session| end(session, SessionEndReason::TooManySessions, now)).count()
        })
        .await
    }

    async fn delete_ended(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        self.write(|state| {
            state.sessions.remove_some(limit, |_, session| {
                let ended = match session.state {
                    SessionState::Live => false,
                    SessionState::Ended { at, .. } => at < before,
                };
                ended || session.expires_at < before || session.idle_expires_at < before
            })
        })
        .await
    }
}
