//! Single-use tokens that travel by mail.

use time::{Duration, OffsetDateTime};

use crate::{OneTimeTokenId, UserId, email::EmailAddress, user::User};

/// What a single-use token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OneTimePurpose {
    /// Shows that a mail reached its address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
}

impl OneTimePurpose {
    /// How long after one mail the next may go out to the same address of an account.
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

    /// Returns what the link with this counter can do, given the account that it is for. Nothing is used up.
    ///
    /// The address is told only to the holder of the row's newest token: an older one may have been mailed to
    /// another address.
    pub fn link_state(
        &self,
        purpose: OneTimePurpose,
        counter: u32,
        user: Option<&User>,
        now: OffsetDateTime,
    ) -> LinkState {
        let user = user.filter(|user| self.counter == counter && user.email == self.email);
        let Some(user) = user else { return LinkState::Dead { email: None } };
        match purpose {
            OneTimePurpose::VerifyEmail if user.is_verified() => LinkState::Done,
            OneTimePurpose::VerifyEmail if self.is_open(counter, now) => LinkState::Open,
            OneTimePurpose::ResetPassword if self.is_open(counter, now) && user.is_active() => {
                LinkState::Open
            }
            OneTimePurpose::VerifyEmail | OneTimePurpose::ResetPassword => {
                LinkState::Dead { email: Some(self.email.clone()) }
            }
        }
    }

    fn is_unexpired(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.counter == counter && now < self.expires_at
    }
}

/// What a mailed link can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It can be used.
    Open,
    /// What it is for has been done: the address is verified.
    Done,
    /// It was never issued, has expired, was used, or was replaced by a newer one.
    Dead {
        /// The address that it was mailed to, where its holder is known to have read that mail.
        email: Option<EmailAddress>,
    },
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
    use crate::{profile::Profile, username::Username};

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

    fn holder() -> User {
        User {
            id: UserId::from_uuid(Uuid::nil()),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            username: Username::parse("ann").unwrap(),
            profile: Profile::default(),
            verified_at: None,
            disabled_at: None,
            is_platform_admin: false,
            is_provisional: false,
            has_password: true,
            default_org: None,
            last_login_at: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    const BOTH: [OneTimePurpose; 2] = [OneTimePurpose::VerifyEmail, OneTimePurpose::ResetPassword];

    #[test]
    fn link_is_open_until_it_expires_and_then_names_its_address() {
        let token = token();
        let email = Some(token.email.clone());
        for purpose in BOTH {
            let state = |now| token.link_state(purpose, 2, Some(&holder()), now);
            assert_eq!(state(token.issued_at), LinkState::Open);
            assert_eq!(state(token.expires_at), LinkState::Dead { email: email.clone() });
        }
    }

    #[test]
    fn superseded_link_names_no_address() {
        let token = token();
        for purpose in BOTH {
            let state = token.link_state(purpose, 1, Some(&holder()), token.issued_at);
            assert_eq!(state, LinkState::Dead { email: None });
        }
    }

    #[test]
    fn link_for_another_address_or_a_deleted_account_is_dead() {
        let (token, other) = (token(), EmailAddress::parse("other@example.com").unwrap());
        let moved = User { email: other, ..holder() };
        for (purpose, user) in BOTH.into_iter().flat_map(|it| [(it, Some(&moved)), (it, None)]) {
            let state = token.link_state(purpose, 2, user, token.issued_at);
            assert_eq!(state, LinkState::Dead { email: None });
        }
    }

    #[test]
    fn verification_link_of_a_verified_address_has_done_its_work() {
        let mut token = token();
        let verified = User { verified_at: Some(token.issued_at), ..holder() };
        for used_at in [None, Some(token.issued_at)] {
            token.used_at = used_at;
            for now in [token.issued_at, token.expires_at] {
                let state = token.link_state(BOTH[0], 2, Some(&verified), now);
                assert_eq!(state, LinkState::Done);
            }
        }
    }

    #[test]
    fn reset_link_of_a_disabled_account_is_dead() {
        let token = token();
        let disabled = User { disabled_at: Some(token.issued_at), ..holder() };
        let state = token.link_state(BOTH[1], 2, Some(&disabled), token.issued_at);
        assert_eq!(state, LinkState::Dead { email: Some(token.email) });
    }
}
