//! Single-use tokens that travel by mail.

use time::{Duration, OffsetDateTime};

use crate::{OneTimeTokenId, UserId, email::EmailAddress};

/// What a single-use token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OneTimePurpose {
    /// Shows that a mail reached its address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
}

impl OneTimePurpose {
    /// How long after one mail the next may go out to the same account.
    pub const INTERVAL: Duration = Duration::minutes(1);

    /// How long a token is good.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::VerifyEmail => Duration::hours(24),
            Self::ResetPassword => Duration::hours(1),
        }
    }

    /// The purpose's name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }
}

/// An account's token of one purpose. There is one row for each pair: issuing anew moves the
/// counter on, so that the newest mail wins and no rows pile up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// The id that the token names.
    pub id: OneTimeTokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// The address that it was sent to, and that it is good for.
    pub email: EmailAddress,
    /// Which of the row's tokens is good.
    pub counter: u32,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: OffsetDateTime,
    /// When it was used.
    pub used_at: Option<OffsetDateTime>,
}

impl OneTimeToken {
    /// Whether the token with this counter may be used.
    pub fn is_open(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.used_at.is_none() && self.is_unexpired(counter, now)
    }

    /// Whether the token with this counter was used, and would still be good if it had not been.
    pub fn was_used(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.used_at.is_some() && self.is_unexpired(counter, now)
    }

    fn is_unexpired(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.counter == counter && now < self.expires_at
    }
}

/// A token to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueOneTimeToken {
    /// The row's id, if the account has no row of this purpose yet.
    pub id: OneTimeTokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub purpose: OneTimePurpose,
    /// The address that it is sent to.
    pub email: EmailAddress,
    /// The time of issue.
    pub now: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn token() -> OneTimeToken {
        let now = datetime!(2026-01-01 12:00 UTC);
        OneTimeToken {
            id: OneTimeTokenId::from_uuid(Uuid::nil()),
            user_id: UserId::from_uuid(Uuid::nil()),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            counter: 2,
            issued_at: now,
            expires_at: now + OneTimePurpose::ResetPassword.lifetime(),
            used_at: None,
        }
    }

    #[test]
    fn the_newest_wins() {
        let token = token();
        assert!(token.is_open(2, token.issued_at));
        assert!(!token.is_open(1, token.issued_at));
    }

    #[test]
    fn ends_on_time() {
        let token = token();
        assert!(token.is_open(2, token.expires_at - Duration::MICROSECOND));
        assert!(!token.is_open(2, token.expires_at));
    }

    #[test]
    fn a_used_token_is_told_from_a_wrong_one_until_it_expires() {
        let mut token = token();
        token.used_at = Some(token.issued_at);
        assert!(!token.is_open(2, token.issued_at));
        assert!(token.was_used(2, token.issued_at));
        assert!(!token.was_used(1, token.issued_at));
        assert!(!token.was_used(2, token.expires_at));
    }
}
