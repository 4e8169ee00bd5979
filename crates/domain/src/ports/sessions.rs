use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    OrgId, SessionId, UserId,
    page::{Page, PageRequest},
    role::Role,
    session::{Rotated, Rotation, Session, SessionEnd, Standing},
};

/// What has to be true of an account still when a session opens by its password, which took a while to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedPassword {
    /// The version of the password.
    pub version: u32,
    /// Fewer sign-ins than this have failed in a row; `None` if their number does not matter.
    pub failures_cap: Option<u32>,
}

/// Signed-in sessions.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// Opens a session and stamps its user's latest sign-in, both or neither.
    async fn open(&mut self, session: &Session) -> Result<(), StorageError>;

    /// As [`SessionRepository::open`], if the user is active, their password still is of this
    /// version, and not too many sign-ins have failed meanwhile, and says whether it did. A sign-in that verified a
    /// password MUST NOT open a session after that password was changed.
    async fn open_by_password(
        &mut self,
        session: &Session,
        verified: VerifiedPassword,
    ) -> Result<bool, StorageError>;

    /// Moves a session on by one generation, in one conditional statement, if the presented
    /// generation is the current one, the session is live, the user is active (and verified, if
    /// that is asked for) and, where an organisation is named, a member of it.
    ///
    /// Of many callers with the same generation exactly one MUST get the row; where the token is not
    /// used up ([`Rotation::single_use`]), the generation MUST stay, and all get the row. Where none is named,
    /// the session MUST continue in the organisation before, if the user is still a member, else in
    /// the user's default organisation, else in the one joined first, else in none.
    async fn rotate(&mut self, rotation: &Rotation) -> Result<Option<Rotated>, StorageError>;

    /// The session with this id, its user, and the user's role in `org_id` (or, where that is
    /// `None`, in the session's own organisation), in one query.
    async fn standing(
        &mut self,
        id: SessionId,
        org_id: Option<OrgId>,
    ) -> Result<Option<Standing>, StorageError>;

    /// Lets a live session continue in another organisation, if its user is a member there, and
    /// answers the user's role in it.
    async fn switch_org(
        &mut self,
        id: SessionId,
        org_id: OrgId,
    ) -> Result<Option<Role>, StorageError>;

    /// The user's sessions that are live at `now`, newest first.
    async fn list_live(
        &mut self,
        user_id: UserId,
        now: OffsetDateTime,
        page: PageRequest<SessionId>,
    ) -> Result<Page<Session, SessionId>, StorageError>;

    /// Ends a session of this user, and says whether it was this call that did. The session of
    /// another user MUST stay as it is, and so MUST the reason of an earlier end.
    async fn end(
        &mut self,
        user_id: UserId,
        id: SessionId,
        reason: SessionEnd,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Has a session that has not ended do so at a time, if it would not end before. Returns `false` if it has ended.
    async fn end_by(&mut self, id: SessionId, at: OffsetDateTime) -> Result<bool, StorageError>;

    /// Has a session that took the place of another of its user inherit what is the other's: it lasts no longer, and the
    /// wrong passwords that came from the other count for it.
    async fn inherit(&mut self, id: SessionId, from: SessionId) -> Result<(), StorageError>;

    /// Ends all of a user's sessions but one, and says how many it were. Those that were signed out of before
    /// have ended for this reason as well from then on: what they were opened on is not trusted any more.
    async fn end_all(
        &mut self,
        user_id: UserId,
        except: Option<SessionId>,
        reason: SessionEnd,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError>;

    /// Ends up to so many sessions, whosever they are, because they were revoked, and says how many. Those that were
    /// signed out of before count as well, as with [`SessionRepository::end_all`]. Called again and again, it MUST
    /// come to 0.
    async fn revoke_some(&mut self, limit: u32, now: OffsetDateTime)
    -> Result<usize, StorageError>;

    /// Deletes sessions that can't be continued since `before`, and says how many it were.
    async fn delete_ended(&mut self, before: OffsetDateTime) -> Result<usize, StorageError>;
}
