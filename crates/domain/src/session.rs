//! Sessions, and the protocol by which clients refresh them.

use time::{Duration, OffsetDateTime};

use crate::{
    OrgId, SessionId, UserId, account::user::User, org::role::Role, request_context::IpPrefix,
};

/// A signed-in session: the family of all refresh tokens that descend from one sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The ID in the `sid` claim of access tokens and in refresh tokens.
    pub id: SessionId,
    /// The user who signed in.
    pub user_id: UserId,
    /// The organization in which the next refresh continues.
    pub org_id: Option<OrgId>,
    /// The number of the current refresh token, incremented by each refresh.
    pub generation: u32,
    /// When the user signed in.
    pub created_at: OffsetDateTime,
    /// When the generation was last incremented.
    pub rotated_at: OffsetDateTime,
    /// When the session expires if it isn't used.
    pub idle_expires_at: OffsetDateTime,
    /// When the session expires in any case.
    pub expires_at: OffsetDateTime,
    /// The network that the user signed in from.
    pub network: IpPrefix,
    /// The `User-Agent` at the sign-in.
    pub user_agent: Option<String>,
    /// The network of the latest refresh, or of the sign-in if there was none.
    pub last_network: IpPrefix,
    /// The `User-Agent` at the latest refresh.
    pub last_user_agent: Option<String>,
    /// Whether the session was ended.
    pub state: SessionState,
}

/// Whether a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The session wasn't ended. It may have expired: see [`Session::is_live`].
    Live,
    /// The session was ended and can't be continued.
    Ended {
        /// When it was ended.
        at: OffsetDateTime,
        /// Why it was ended.
        reason: SessionEndReason,
    },
}

/// Why a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEndReason {
    /// The user signed out.
    LoggedOut,
    /// An old refresh token was used again: it may have been stolen.
    TokenReused,
    /// The user changed the password in another session.
    PasswordChanged,
    /// The password was reset.
    PasswordReset,
    /// The user or an administrator revoked the session.
    Revoked,
    /// The client replaced the session with a new one.
    Renewed,
    /// Too many incorrect passwords came from the session: its tokens may have been stolen.
    TooManyFailures,
    /// The account has too many sessions, and this one was the least recently used: see [`Session::MAX_RECOGNIZED`].
    TooManySessions,
}

impl SessionEndReason {
    /// Returns the name of the reason in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::TokenReused => "token_reused",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::Revoked => "revoked",
            Self::Renewed => "renewed",
            Self::TooManyFailures => "too_many_failures",
            Self::TooManySessions => "too_many_sessions",
        }
    }

    /// Parses the name of a reason. Returns `None` if there is no such reason.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::LoggedOut,
            Self::TokenReused,
            Self::PasswordChanged,
            Self::PasswordReset,
            Self::Revoked,
            Self::Renewed,
            Self::TooManyFailures,
            Self::TooManySessions,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == text)
    }
}

/// How long sessions and refresh tokens last.
///
/// The defaults are 14 days idle, 90 days absolute, and a reuse interval of 10 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// A session that isn't used expires after this time.
    pub idle: Duration,
    /// Every session expires this long after the sign-in.
    pub absolute: Duration,
    /// The reuse interval: for this long after a refresh, the previous token returns the same successor
    /// again.
    pub reuse_interval: Duration,
}

impl Default for SessionLifetimes {
    fn default() -> Self {
        Self {
            idle: Duration::days(14),
            absolute: Duration::days(90),
            reuse_interval: Duration::seconds(10),
        }
    }
}

impl Session {
    /// The maximum number of an account's sessions that are live, or were signed out of and whose devices the account
    /// recognizes. When a sign-in opens another session, the least recently used ones end, those that were signed out
    /// of first.
    ///
    /// Without a limit, an attacker who knows the password, or who registered with another user's address, could open
    /// so many that a password reset can't end all of them in time.
    pub const MAX_RECOGNIZED: u32 = 100;

    /// The first generation of a session.
    pub const FIRST_GENERATION: u32 = 1;

    /// Returns `true` if the session may be used at `now`: it wasn't ended and has not expired.
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.state == SessionState::Live && now < self.idle_expires_at && now < self.expires_at
    }

    /// Returns `true` if the session is evidence that its client belongs to the user. A session that was
    /// ended on suspicion or because of a new password isn't.
    pub fn vouches_for_client(&self) -> bool {
        match self.state {
            SessionState::Live => true,
            SessionState::Ended { reason, .. } => reason == SessionEndReason::LoggedOut,
        }
    }

    /// Classifies a refresh token that didn't advance the session. `presented` is its generation, and `grace`
    /// is the reuse interval.
    ///
    /// For the reuse interval, the token before the current one returns its successor again. A client that
    /// lost the response, or that runs in two tabs, has no other token to present. RFC 9700, section 4.14.2,
    /// calls for rotation; returning the same successor keeps the retry from forking the family. An older
    /// token, or the previous token after the interval, may have been stolen.
    ///
    /// ```
    /// use doorward_domain::{
    ///     SessionId, UserId,
    ///     request_context::IpPrefix,
    ///     session::{RefreshDecision, Session, SessionLifetimes, SessionState},
    /// };
    /// use time::{Duration, OffsetDateTime};
    ///
    /// let lifetimes = SessionLifetimes::default();
    /// let now = OffsetDateTime::UNIX_EPOCH;
    /// # let network = IpPrefix::of(std::net::Ipv4Addr::LOCALHOST.into());
    /// let session = Session {
    ///     generation: 7,
    ///     rotated_at: now,
    ///     state: SessionState::Live,
    ///     // ...
    /// #     id: SessionId::NONE,
    /// #     user_id: UserId::NONE,
    /// #     org_id: None,
    /// #     created_at: now,
    /// #     idle_expires_at: now + lifetimes.idle,
    /// #     expires_at: now + lifetimes.absolute,
    /// #     network,
    /// #     user_agent: None,
    /// #     last_network: network,
    /// #     last_user_agent: None,
    /// };
    /// let judge = |generation, at| session.classify_refresh(generation, at, lifetimes.reuse_interval);
    ///
    /// assert_eq!(judge(7, now), RefreshDecision::Current);
    /// assert_eq!(judge(6, now + Duration::seconds(5)), RefreshDecision::WithinReuseInterval);
    /// assert_eq!(judge(6, now + Duration::minutes(1)), RefreshDecision::ReuseDetected);
    /// assert_eq!(judge(8, now), RefreshDecision::FutureGeneration);
    /// ```
    pub fn classify_refresh(
        &self,
        presented: u32,
        now: OffsetDateTime,
        grace: Duration,
    ) -> RefreshDecision {
        match self.state {
            SessionState::Ended { reason: SessionEndReason::TokenReused, .. } => {
                RefreshDecision::ReuseDetected
            }
            SessionState::Ended { .. } => RefreshDecision::Ended,
            SessionState::Live if !self.is_live(now) => RefreshDecision::Expired,
            SessionState::Live if presented == self.generation => RefreshDecision::Current,
            SessionState::Live if presented > self.generation => RefreshDecision::FutureGeneration,
            SessionState::Live
                if presented + 1 == self.generation && now - self.rotated_at <= grace =>
            {
                RefreshDecision::WithinReuseInterval
            }
            SessionState::Live => RefreshDecision::ReuseDetected,
        }
    }
}

/// What a refresh token means for a session; returned by [`Session::classify_refresh`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshDecision {
    /// It is the current token.
    Current,
    /// It was the current token within the reuse interval. Its successor is returned again.
    WithinReuseInterval,
    /// It was consumed earlier. The session must be ended, if it hasn't been.
    ReuseDetected,
    /// The session has expired.
    Expired,
    /// The session was ended.
    Ended,
    /// This generation doesn't exist yet. The MAC of the token is valid, so the database is older than the
    /// token: it was restored from a backup.
    FutureGeneration,
}

/// A refresh of a session, applied by one conditional statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshAttempt {
    /// The session.
    pub session_id: SessionId,
    /// The generation of the token that the client presented.
    pub generation: u32,
    /// The time of the refresh.
    pub now: OffsetDateTime,
    /// The network that the request comes from.
    pub network: IpPrefix,
    /// The `User-Agent` of the request.
    pub user_agent: Option<String>,
    /// When the session expires if it isn't used again.
    pub idle_expires_at: OffsetDateTime,
    /// The organization to continue in; `None` to stay in the session's organization.
    pub org_id: Option<OrgId>,
    /// Whether the user's email address has to be verified.
    pub require_verified_email: bool,
    /// Whether the refresh consumes the token. A browser's token ([`TokenPurpose::Browser`]) isn't consumed: a
    /// user may leave a page before its response arrives, so a browser that comes back with the previous
    /// token isn't an attacker.
    ///
    /// [`TokenPurpose::Browser`]: crate::token::TokenPurpose::Browser
    pub rotate: bool,
}

/// The result of a refresh: the advanced session and its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshedSession {
    /// The new generation.
    pub generation: u32,
    /// The user of the session.
    pub user_id: UserId,
    /// The organization in which the session continues, and the user's role there.
    pub workspace: Option<(OrgId, Role)>,
    /// Whether the user is a platform administrator.
    pub is_platform_admin: bool,
    /// Whether the user has verified the email address.
    pub email_verified: bool,
    /// Whether the refresh came from a different network than the previous one.
    pub network_changed: bool,
}

/// A session with its user and the user's role in one organization, read in one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionContext {
    /// The session.
    pub session: Session,
    /// The user of the session.
    pub user: User,
    /// The user's role in the requested organization.
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
            network: IpPrefix::of(Ipv4Addr::LOCALHOST.into()),
            user_agent: None,
            last_network: IpPrefix::of(Ipv4Addr::LOCALHOST.into()),
            last_user_agent: None,
            state: SessionState::Live,
        }
    }

    #[test]
    fn previous_token_gets_its_successor_within_the_reuse_interval() {
        let session = session();
        let at = |seconds| session.rotated_at + Duration::seconds(seconds);
        assert_eq!(session.classify_refresh(6, at(0), GRACE), RefreshDecision::WithinReuseInterval);
        assert_eq!(
            session.classify_refresh(6, at(10), GRACE),
            RefreshDecision::WithinReuseInterval
        );
        assert_eq!(session.classify_refresh(6, at(11), GRACE), RefreshDecision::ReuseDetected);
    }

    #[test]
    fn older_token_is_reuse_even_within_the_reuse_interval() {
        let session = session();
        assert_eq!(
            session.classify_refresh(5, session.rotated_at, GRACE),
            RefreshDecision::ReuseDetected
        );
        assert_eq!(
            session.classify_refresh(1, session.rotated_at, GRACE),
            RefreshDecision::ReuseDetected
        );
    }

    #[test]
    fn zero_reuse_interval_makes_rotation_strict() {
        let session = session();
        let later = session.rotated_at + Duration::MICROSECOND;
        assert_eq!(
            session.classify_refresh(6, later, Duration::ZERO),
            RefreshDecision::ReuseDetected
        );
    }

    #[test]
    fn session_expires_when_idle_and_at_its_maximum_lifetime() {
        let mut session = session();
        assert!(session.is_live(session.idle_expires_at - Duration::MICROSECOND));
        assert_eq!(
            session.classify_refresh(7, session.idle_expires_at, GRACE),
            RefreshDecision::Expired
        );
        session.idle_expires_at = session.expires_at + Duration::DAY;
        assert_eq!(
            session.classify_refresh(7, session.expires_at, GRACE),
            RefreshDecision::Expired
        );
    }

    #[test]
    fn ended_session_stays_ended() {
        let mut session = session();
        let at = session.rotated_at;
        session.state = SessionState::Ended { at, reason: SessionEndReason::LoggedOut };
        assert_eq!(session.classify_refresh(7, at, GRACE), RefreshDecision::Ended);
        session.state = SessionState::Ended { at, reason: SessionEndReason::TokenReused };
        assert_eq!(session.classify_refresh(7, at, GRACE), RefreshDecision::ReuseDetected);
    }

    #[test]
    fn future_generation_is_not_reuse() {
        let session = session();
        assert_eq!(
            session.classify_refresh(8, session.rotated_at, GRACE),
            RefreshDecision::FutureGeneration
        );
    }
}
