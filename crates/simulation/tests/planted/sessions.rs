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

use crate::storage::{Defect, Work};

impl Work {
    fn sessions_inside(&mut self) -> &mut dyn SessionRepository {
        self.inner().sessions()
    }
}

#[async_trait]
impl SessionRepository for Work {
    async fn rotate(
        &mut self,
        rotation: &RefreshAttempt,
    ) -> Result<Option<RefreshedSession>, StorageError> {
        let moved = self.sessions_inside().rotate(rotation).await?;
        match (self.defect, moved) {
            (Defect::ForksSessions, None) => {
                let generation = rotation.generation + 1;
                self.sessions_inside()
                    .rotate(&RefreshAttempt { generation, ..rotation.clone() })
                    .await
            }
            (Defect::EndsForNothing, Some(moved)) if moved.generation == 5 => {
                let (user, id) = (moved.user_id, rotation.session_id);
                let reason = SessionEndReason::TokenReused;
                self.sessions_inside().end(user, id, reason, rotation.now).await?;
                Ok(Some(moved))
            }
            (_, moved) => Ok(moved),
        }
    }

    async fn find_with_user(
        &mut self,
        id: SessionId,
        org_id: Option<OrgId>,
    ) -> Result<Option<SessionContext>, StorageError> {
        let mut session_context = self.sessions_inside().find_with_user(id, org_id).await?;
        if let Some(SessionContext { session, .. }) = &mut session_context
            && self.defect == Defect::SeesAllAlive
        {
            session.state = SessionState::Live;
        }
        Ok(session_context)
    }

    async fn end(
        &mut self,
        user_id: UserId,
        id: SessionId,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        match self.defect {
            Defect::EndsNothing => Ok(true),
            _ => self.sessions_inside().end(user_id, id, reason, now).await,
        }
    }

    async fn end_by(&mut self, id: SessionId, at: OffsetDateTime) -> Result<bool, StorageError> {
        self.sessions_inside().end_by(id, at).await
    }

    async fn inherit(&mut self, id: SessionId, from: SessionId) -> Result<(), StorageError> {
        self.sessions_inside().inherit(id, from).await
    }

    async fn end_all(
        &mut self,
        user_id: UserId,
        except: Option<SessionId>,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        match self.defect {
            Defect::LeavesSessions => Ok(0),
            _ => self.sessions_inside().end_all(user_id, except, reason, now).await,
        }
    }

    async fn open(&mut self, session: &Session) -> Result<(), StorageError> {
        self.sessions_inside().open(session).await
    }

    async fn open_by_password(
        &mut self,
        session: &Session,
        verified: VerifiedPassword,
    ) -> Result<bool, StorageError> {
        self.sessions_inside().open_by_password(session, verified).await
    }

    async fn switch_org(
        &mut self,
        id: SessionId,
        org_id: OrgId,
    ) -> Result<Option<Role>, StorageError> {
        self.sessions_inside().switch_org(id, org_id).await
    }

    async fn list_live(
        &mut self,
        user_id: UserId,
        now: OffsetDateTime,
        page: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, StorageError> {
        self.sessions_inside().list_live(user_id, now, page).await
    }

    async fn revoke_some(
        &mut self,
        limit: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        self.sessions_inside().revoke_some(limit, now).await
    }

    async fn end_excess(
        &mut self,
        user_id: UserId,
        keep: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError> {
        self.sessions_inside().end_excess(user_id, keep, now).await
    }

    async fn delete_ended(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError> {
        self.sessions_inside().delete_ended(before, limit).await
    }
}
