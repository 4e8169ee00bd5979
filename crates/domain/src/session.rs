//! Signed-in sessions, and the protocol by which they are continued.

use time::{Duration, OffsetDateTime};

use crate::{OrgId, SessionId, UserId, client::Network, role::Role, user::User};

/// A signed-in session: the family of all refresh tokens that continue one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id that `sid` claims and refresh tokens name.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The organisation that the next refresh continues in.
    pub org_id: Option<OrgId>,
    /// Which refresh token is the current one: each refresh moves it on by one.
    pub generation: u32,
    /// When the person signed in.
    pub created_at: OffsetDateTime,
    /// When the generation last moved.
    pub rotated_at: OffsetDateTime,
    /// When it ends if it is not used.
    pub idle_expires_at: OffsetDateTime,
    /// When it ends in any case.
    pub expires_at: OffsetDateTime,
    /// Where the person signed in from.
    pub network: Network,
    /// What the client called itself then.
    pub user_agent: Option<String>,
    /// Where the latest refresh came from; where the user signed in from, until there is one.
    pub last_network: Network,
    /// What the client called itself at the latest refresh.
    pub last_user_agent: Option<String>,
    /// Whether it goes on.
    pub state: SessionState,
}

/// Whether a session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// It has not been ended.
    Live,
    /// It has been ended, for good.
    Ended {
        /// When.
        at: OffsetDateTime,
        /// Why.
        reason: SessionEnd,
    },
}

/// Why a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// The person signed out.
    LoggedOut,
    /// An old refresh token was used again: somebody else may have a copy.
    TokenReused,
    /// The person changed the password elsewhere.
    PasswordChanged,
    /// The password was reset.
    PasswordReset,
    /// The person or an administrator ended it.
    Revoked,
    /// Its client took a new session in its place.
    Renewed,
    /// Too many wrong passwords came from it: its tokens may have been stolen.
    TooManyFailures,
}

impl SessionEnd {
    /// The reason's name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::TokenReused => "token_reused",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::Revoked => "revoked",
            Self::Renewed => "renewed",
            Self::TooManyFailures => "too_many_failures",
        }
    }

    /// Reads a reason's name; `None` if there is no such reason.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::LoggedOut,
            Self::TokenReused,
            Self::PasswordChanged,
            Self::PasswordReset,
            Self::Revoked,
            Self::Renewed,
            Self::TooManyFailures,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == text)
    }
}

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// An unused session ends after this.
    pub idle: Duration,
    /// Every session ends after this.
    pub absolute: Duration,
    /// For how long after a refresh the token before it gets the same successor again.
    pub grace: Duration,
}

impl Default for SessionLifetimes {
    fn default() -> Self {
        Self {
            idle: Duration::days(14),
            absolute: Duration::days(90),
            grace: Duration::seconds(10),
        }
    }
}

impl Session {
    /// The first generation of a session.
    pub const FIRST_GENERATION: u32 = 1;

    /// Whether the session may be used at this time.
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.state == SessionState::Live && now < self.idle_expires_at && now < self.expires_at
    }

    /// Returns `true` if the session vouches for its client: what ended for suspicion or for a new password does not.
    pub fn vouches_for_client(&self) -> bool {
        match self.state {
            SessionState::Live => true,
            SessionState::Ended { reason, .. } => reason == SessionEnd::LoggedOut,
        }
    }

    /// Judges a refresh token that did not move the session on.
    ///
    /// The token before the current one is answered once more with its successor for a short
    /// while, because a client whose answer was lost, or that runs in two tabs, has nothing else to
    /// present (RFC 9700, section 4.14.2 asks for rotation; the idempotent answer keeps it from
    /// forking the family). Any older one, or that one later, is in two hands.
    pub fn judge_refresh(
        &self,
        presented: u32,
        now: OffsetDateTime,
        grace: Duration,
    ) -> RefreshVerdict {
        match self.state {
            SessionState::Ended { reason: SessionEnd::TokenReused, .. } => RefreshVerdict::Reused,
            SessionState::Ended { .. } => RefreshVerdict::Ended,
            SessionState::Live if !self.is_live(now) => RefreshVerdict::Expired,
            SessionState::Live if presented == self.generation => RefreshVerdict::Current,
            SessionState::Live if presented > self.generation => RefreshVerdict::NeverIssued,
            SessionState::Live
                if presented + 1 == self.generation && now - self.rotated_at <= grace =>
            {
                RefreshVerdict::Replay
            }
            SessionState::Live => RefreshVerdict::Reused,
        }
    }
}

/// What a refresh token means for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// It is the current token.
    Current,
    /// It was the current token a moment ago: its successor is handed out again.
    Replay,
    /// It was used up long ago: the session is to be ended, if it has not been.
    Reused,
    /// The session has come to its end by itself.
    Expired,
    /// The session was ended.
    Ended,
    /// This generation is yet to come. The MAC was good, so the database is older than the token:
    /// it was restored from a backup.
    NeverIssued,
}

/// What one conditional statement moves a session on by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The session.
    pub session_id: SessionId,
    /// The generation that the client presented.
    pub presented: u32,
    /// The time of the refresh.
    pub now: OffsetDateTime,
    /// Where the request comes from.
    pub network: Network,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// When the session ends if it is not used again.
    pub idle_expires_at: OffsetDateTime,
    /// The organisation to continue in, if not the one before.
    pub org_id: Option<OrgId>,
    /// Whether the person's address has to be verified.
    pub verified_only: bool,
    /// Whether the token is used up. That of a browser ([`TokenPurpose::Browser`]) is not: pages are left
    /// before they have come, and whoever then comes back with the token before is no thief.
    ///
    /// [`TokenPurpose::Browser`]: crate::token::TokenPurpose::Browser
    pub single_use: bool,
}

/// A session that was moved on, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The new generation.
    pub generation: u32,
    /// Whose session it is.
    pub user_id: UserId,
    /// The organisation that it continues in, and the person's role there.
    pub workspace: Option<(OrgId, Role)>,
    /// Whether the person runs this server.
    pub is_platform_admin: bool,
    /// Whether the user has shown that the account's email address is theirs.
    pub email_verified: bool,
    /// Whether the refresh came from another network than the one before it.
    pub network_changed: bool,
}

/// A session with its user and the user's role in one organisation, read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
    /// The user's role in the organisation that was asked for.
    pub role: Option<Role>,
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    const GRACE: Duration = Duration::seconds(10);

    fn session() -> Session {
        let now = datetime!(2026-01-01 12:00 UTC);
        let lifetimes = SessionLifetimes::default();
        Session {
            id: SessionId::from_uuid(Uuid::nil()),
            user_id: UserId::from_uuid(Uuid::nil()),
            org_id: None,
            generation: 7,
            created_at: now,
            rotated_at: now,
            idle_expires_at: now + lifetimes.idle,
            expires_at: now + lifetimes.absolute,
            network: Network::of(Ipv4Addr::LOCALHOST.into()),
            user_agent: None,
            last_network: Network::of(Ipv4Addr::LOCALHOST.into()),
            last_user_agent: None,
            state: SessionState::Live,
        }
    }

    #[test]
    fn the_token_before_gets_its_successor_within_the_grace() {
        let session = session();
        let at = |seconds| session.rotated_at + Duration::seconds(seconds);
        assert_eq!(session.judge_refresh(6, at(0), GRACE), RefreshVerdict::Replay);
        assert_eq!(session.judge_refresh(6, at(10), GRACE), RefreshVerdict::Replay);
        assert_eq!(session.judge_refresh(6, at(11), GRACE), RefreshVerdict::Reused);
    }

    #[test]
    fn an_older_token_is_reuse_even_within_the_grace() {
        let session = session();
        assert_eq!(session.judge_refresh(5, session.rotated_at, GRACE), RefreshVerdict::Reused);
        assert_eq!(session.judge_refresh(1, session.rotated_at, GRACE), RefreshVerdict::Reused);
    }

    #[test]
    fn without_grace_rotation_is_strict() {
        let session = session();
        let later = session.rotated_at + Duration::MICROSECOND;
        assert_eq!(session.judge_refresh(6, later, Duration::ZERO), RefreshVerdict::Reused);
    }

    #[test]
    fn a_session_ends_by_idling_and_by_age() {
        let mut session = session();
        assert!(session.is_live(session.idle_expires_at - Duration::MICROSECOND));
        assert_eq!(
            session.judge_refresh(7, session.idle_expires_at, GRACE),
            RefreshVerdict::Expired
        );
        session.idle_expires_at = session.expires_at + Duration::DAY;
        assert_eq!(session.judge_refresh(7, session.expires_at, GRACE), RefreshVerdict::Expired);
    }

    #[test]
    fn an_ended_session_stays_ended() {
        let mut session = session();
        let at = session.rotated_at;
        session.state = SessionState::Ended { at, reason: SessionEnd::LoggedOut };
        assert_eq!(session.judge_refresh(7, at, GRACE), RefreshVerdict::Ended);
        session.state = SessionState::Ended { at, reason: SessionEnd::TokenReused };
        assert_eq!(session.judge_refresh(7, at, GRACE), RefreshVerdict::Reused);
    }

    #[test]
    fn a_generation_yet_to_come_is_no_reuse() {
        let session = session();
        assert_eq!(
            session.judge_refresh(8, session.rotated_at, GRACE),
            RefreshVerdict::NeverIssued
        );
    }
}
