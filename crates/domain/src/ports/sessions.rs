use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    OrgId, SessionId, UserId,
    org::role::Role,
    pagination::{Page, PageQuery},
    session::{RefreshAttempt, RefreshedSession, Session, SessionContext, SessionEndReason},
};

/// The conditions that must still hold for an account when a session is created after its password was verified.
/// Verifying a password takes a while, and the account may change during that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedPassword {
    /// The version of the password that was verified.
    pub version: u32,
    /// The number of failed sign-ins in a row at which no session is opened; `None` if the number doesn't
    /// matter.
    pub failures_cap: Option<u32>,
}

/// Stores sessions.
///
/// A session that ends, for whatever reason, MUST leave its organization (`org_id`). Otherwise the deletion of an
/// organization would change all sessions that ever ended in it.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionRepository: Send {
    /// Opens a session and records the time of its user's latest sign-in: both or neither.
    async fn open(&mut self, session: &Session) -> Result<(), StorageError>;

    /// Opens a session as [`SessionRepository::open`] does, if the user is active, their password still has
    /// this version, and fewer sign-ins than the cap have failed meanwhile. Returns `true` if it did. A
    /// sign-in that verified a password MUST NOT open a session after that password was changed.
    async fn open_by_password(
        &mut self,
        session: &Session,
        verified: VerifiedPassword,
    ) -> Result<bool, StorageError>;

    /// Advances a session by one generation, in one conditional statement. The presented generation has to be
    /// the current one, the session live, and the user active. If the rotation requires it, the user's email
    /// address has to be verified; if it names an organization, the user has to be a member.
    ///
    /// Of many concurrent callers with the same generation, exactly one MUST get the row. If the token isn't
    /// consumed (see [`RefreshAttempt::rotate`]), the generation MUST stay, and all callers get the row. If the
    /// rotation names no organization, the session MUST continue in its previous organization if the user is
    /// still a member, else in the user's default organization, else in the one joined first, else in none.
    async fn rotate(
        &mut self,
        rotation: &RefreshAttempt,
    ) -> Result<Option<RefreshedSession>, StorageError>;

    /// Returns the session with this ID, its user, and the user's role in `org_id`, in one query. If `org_id`
    /// is `None`, the role is that in the session's organization.
    async fn find_with_user(
        &mut self,
        id: SessionId,
        org_id: Option<OrgId>,
    ) -> Result<Option<SessionContext>, StorageError>;

    /// Moves a live session to another organization, if its user is a member there. Returns the user's role
    /// in it.
    async fn switch_org(
        &mut self,
        id: SessionId,
        org_id: OrgId,
    ) -> Result<Option<Role>, StorageError>;

    /// Returns the user's sessions that are live at `now`, newest first.
    async fn list_live(
        &mut self,
        user_id: UserId,
        now: OffsetDateTime,
        page: PageQuery<SessionId>,
    ) -> Result<Page<Session, SessionId>, StorageError>;

    /// Ends a session of this user. Returns `true` if this call ended it. A session of another user MUST stay
    /// unchanged, and so MUST the reason of a session that ended earlier.
    async fn end(
        &mut self,
        user_id: UserId,
        id: SessionId,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Makes a session end at `at`, unless it ends earlier. Returns `false` if it has already ended.
    async fn end_by(&mut self, id: SessionId, at: OffsetDateTime) -> Result<bool, StorageError>;

    /// Makes a session that replaces another one of the same user inherit its limits: it lasts no longer than
    /// the other, and it starts with the count of incorrect passwords of the other session.
    async fn inherit(&mut self, id: SessionId, from: SessionId) -> Result<(), StorageError>;

    /// Ends all of a user's sessions except `except`. Returns the number of sessions ended. Sessions that
    /// were signed out of earlier get this reason as well, because their devices are no longer trusted.
    async fn end_all(
        &mut self,
        user_id: UserId,
        except: Option<SessionId>,
        reason: SessionEndReason,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError>;

    /// Ends all but `keep` of a user's sessions that are live or were signed out of, as
    /// [`SessionEndReason::TooManySessions`]. Sessions that have expired or were signed out of end first, and of both
    /// groups those that were used least recently ([`Session::rotated_at`], or the time of the sign-out). One call may
    /// end only some, but MUST end at least a thousand.
    async fn end_excess(
        &mut self,
        user_id: UserId,
        keep: u32,
        now: OffsetDateTime,
    ) -> Result<usize, StorageError>;

    /// Ends up to `limit` sessions of any users as revoked. Returns the number of sessions ended. Sessions
    /// that were signed out of earlier count as well, as in [`SessionRepository::end_all`]. Repeated calls
    /// MUST eventually return 0.
    async fn revoke_some(&mut self, limit: u32, now: OffsetDateTime)
    -> Result<usize, StorageError>;

    /// Deletes up to `limit` sessions that could no longer be continued at `before`. Returns the number of sessions
    /// deleted.
    async fn delete_ended(
        &mut self,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<usize, StorageError>;
}
