//! Single-use tokens, which are sent by email.

use time::{Duration, OffsetDateTime};

use crate::{
    OneTimeTokenId, UserId,
    account::{email::EmailAddress, user::User},
};

/// The purpose of a single-use token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OneTimePurpose {
    /// Verifies that the recipient reads the email address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
}

impl OneTimePurpose {
    /// The minimum time between two emails to the same address of an account. It doesn't apply after a change of the
    /// address, so that a user who corrects a mistyped address gets the email at once.
    pub const INTERVAL: Duration = Duration::minutes(1);

    /// The maximum number of emails of an account within one hour, counted from the first of them. Emails to former
    /// addresses count as well: otherwise an account could switch between addresses to send any number.
    pub const EMAILS_PER_HOUR: u32 = 5;

    /// The maximum number of emails of an account within any 24 hours, also to former addresses.
    pub const EMAILS_PER_DAY: u32 = 20;

    /// The number of emails that may be sent at once before the remaining emails of the day are spread over the day.
    pub const EMAILS_UNSPREAD: u32 = 10;

    /// The time after which one more email may be sent once [`Self::EMAILS_UNSPREAD`] were sent. An attacker
    /// who keeps requesting emails for a user can delay the user's own email by this time, but not until the
    /// next day.
    pub const SPREAD: Duration =
        Duration::minutes(24 * 60 / (Self::EMAILS_PER_DAY as i64 - Self::EMAILS_UNSPREAD as i64));

    /// Returns how long a token is valid after it was first issued.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::VerifyEmail => Duration::hours(24),
            Self::ResetPassword => Duration::hours(6),
        }
    }

    /// Returns the minimum time for which a link is valid after it was emailed, unless it is used or invalidated. A
    /// token is sent again for the first half of its lifetime, and stays valid beside its successor.
    ///
    /// It is at least [`Self::SPREAD`]: while an attacker who requests emails delays the next one, the last one is
    /// valid.
    ///
    /// ```
    /// use doorward_domain::token::one_time::OneTimePurpose;
    ///
    /// for purpose in [OneTimePurpose::VerifyEmail, OneTimePurpose::ResetPassword] {
    ///     assert!(purpose.valid_for_at_least() >= OneTimePurpose::SPREAD);
    /// }
    /// ```
    pub const fn valid_for_at_least(self) -> Duration {
        Duration::seconds(self.lifetime().whole_seconds() / 2)
    }

    /// Returns the name of the purpose in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
        }
    }
}

/// The tokens of one purpose of an account. There is one row per account and purpose, so that rows don't
/// accumulate.
///
/// Any client may request an email, so a request must not invalidate a link that was already sent. While a
/// token is young, the same token is sent again. When the counter is incremented because the token is old,
/// the old token stays valid for the rest of its lifetime. A use, a change of password or email address, and
/// [`OneTimeTokenRepository::void`] invalidate all tokens of the row.
///
/// [`OneTimeTokenRepository::void`]: crate::ports::OneTimeTokenRepository::void
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// The ID in the token.
    pub id: OneTimeTokenId,
    /// The user of the account.
    pub user_id: UserId,
    /// The email address that the token was sent to and is valid for.
    pub email: EmailAddress,
    /// The counter of the current token.
    pub counter: u32,
    /// When the current token was issued.
    pub issued_at: OffsetDateTime,
    /// When the current token expires.
    pub expires_at: OffsetDateTime,
    /// When the token with the previous counter expires, if the counter was incremented only because that
    /// token was old.
    pub former_expires_at: Option<OffsetDateTime>,
    /// When a token of the row was used.
    pub used_at: Option<OffsetDateTime>,
    /// The emails that were sent for this token and earlier ones.
    pub emails: EmailCount,
}

/// The number of emails of one purpose that were sent for an account, to its address and to former ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmailCount {
    /// When the latest email was sent.
    pub latest_at: OffsetDateTime,
    /// When the first of the emails counted in `in_hour` was sent.
    pub hour_began_at: OffsetDateTime,
    /// The number of emails sent since `hour_began_at`.
    pub in_hour: u32,
    /// When the day's budget is full again, by the generic cell rate algorithm (ITU-T I.371).
    pub day_full_at: OffsetDateTime,
}

impl EmailCount {
    /// Returns the count after the first email.
    pub fn first(now: OffsetDateTime) -> Self {
        let day_full_at = now + OneTimePurpose::SPREAD;
        Self { latest_at: now, hour_began_at: now, in_hour: 1, day_full_at }
    }

    /// Returns the latest allowed `day_full_at`: if it is later, no email may be sent at `now`.
    pub fn day_full_until(now: OffsetDateTime) -> OffsetDateTime {
        now + OneTimePurpose::SPREAD * (OneTimePurpose::EMAILS_UNSPREAD - 1)
    }

    /// Returns the count after one more email, or `None` if that email may not be sent. `has_moved` states that the
    /// email goes to a different address than the previous one.
    fn next(self, now: OffsetDateTime, has_moved: bool) -> Option<Self> {
        const SPREAD: Duration = OneTimePurpose::SPREAD;
        let is_new_hour = self.hour_began_at <= now - Duration::HOUR;
        let may_go_out = (has_moved || self.latest_at <= now - OneTimePurpose::INTERVAL)
            && (is_new_hour || self.in_hour < OneTimePurpose::EMAILS_PER_HOUR)
            && self.day_full_at <= Self::day_full_until(now);
        let (hour_began_at, in_hour) =
            if is_new_hour { (now, 1) } else { (self.hour_began_at, self.in_hour + 1) };
        let day_full_at = self.day_full_at.max(now) + SPREAD;
        may_go_out.then_some(Self { latest_at: now, hour_began_at, in_hour, day_full_at })
    }
}

impl OneTimeToken {
    /// Creates the row with its first token.
    pub fn first(issue: &IssueOneTimeToken) -> Self {
        let IssueOneTimeToken { id, user_id, purpose, ref email, now } = *issue;
        Self {
            id,
            user_id,
            email: email.clone(),
            counter: 1,
            issued_at: now,
            expires_at: now + purpose.lifetime(),
            former_expires_at: None,
            used_at: None,
            emails: EmailCount::first(now),
        }
    }

    /// Returns the row after another email was requested, or `None` if no email may be sent.
    /// [`OneTimeTokenRepository::issue`] has to follow this rule.
    ///
    /// ```
    /// use doorward_domain::{
    ///     OneTimeTokenId, UserId,
    ///     account::email::EmailAddress,
    ///     token::one_time::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    /// };
    /// use time::{Duration, OffsetDateTime};
    ///
    /// let issue_at = |now| IssueOneTimeToken {
    ///     id: OneTimeTokenId::NONE,
    ///     user_id: UserId::NONE,
    ///     purpose: OneTimePurpose::ResetPassword,
    ///     email: EmailAddress::parse("ann@example.com").unwrap(),
    ///     now,
    /// };
    /// let now = OffsetDateTime::UNIX_EPOCH;
    /// let token = OneTimeToken::first(&issue_at(now));
    ///
    /// assert_eq!(token.next(&issue_at(now + Duration::seconds(59))), None);
    /// let next = token.next(&issue_at(now + Duration::seconds(60))).unwrap();
    /// assert_eq!(next.counter, token.counter); // the same token is sent again
    /// ```
    ///
    /// [`OneTimeTokenRepository::issue`]: crate::ports::OneTimeTokenRepository::issue
    pub fn next(&self, issue: &IssueOneTimeToken) -> Option<Self> {
        let next = Self { id: self.id, counter: self.counter + 1, ..Self::first(issue) };
        let has_moved = self.email != issue.email;
        let emails = self.emails.next(issue.now, has_moved)?;
        if has_moved {
            return Some(Self { emails, ..next });
        }
        let is_young = self.expires_at > issue.now + issue.purpose.valid_for_at_least();
        if is_young && self.used_at.is_none() {
            return Some(Self { emails, ..self.clone() });
        }
        let former_expires_at = self.used_at.is_none().then_some(self.expires_at);
        Some(Self { former_expires_at, emails, ..next })
    }

    /// Marks the row as used. Its user has read the emails, so the earlier ones don't count against the
    /// limit.
    pub fn use_up(&mut self, now: OffsetDateTime) {
        self.used_at = Some(now);
        self.emails =
            EmailCount { hour_began_at: now, in_hour: 0, day_full_at: now, ..self.emails };
    }

    /// Invalidates all tokens of the row. They stay invalid even if a clock is set back.
    ///
    /// One more email may be sent then. Otherwise, an attacker who invalidates a link after the last email would leave
    /// the user without a valid one until the next email may be sent.
    pub fn void(&mut self, now: OffsetDateTime) {
        (self.counter, self.expires_at, self.former_expires_at) = (self.counter + 1, now, None);
        let EmailCount { in_hour, day_full_at, .. } = &mut self.emails;
        *in_hour = (*in_hour).min(OneTimePurpose::EMAILS_PER_HOUR - 1);
        *day_full_at = (*day_full_at).min(EmailCount::day_full_until(now));
    }

    /// Returns `true` if the token with this counter can be used at `now`.
    pub fn is_open(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.used_at.is_none() && self.is_unexpired(counter, now)
    }

    /// Returns `true` if the token with this counter was used and would otherwise still be valid.
    pub fn was_used(&self, counter: u32, now: OffsetDateTime) -> bool {
        self.used_at.is_some() && self.is_unexpired(counter, now)
    }

    /// Returns the state of the link with this counter, given the account that it is for. The token isn't
    /// consumed.
    ///
    /// The email address is returned only to the holder of the row's current or previous token, because an
    /// older one may have been sent to another address.
    pub fn link_state(
        &self,
        purpose: OneTimePurpose,
        counter: u32,
        user: Option<&User>,
        now: OffsetDateTime,
    ) -> LinkState {
        let user =
            user.filter(|user| self.expires_at_of(counter).is_some() && user.email == self.email);
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
        self.expires_at_of(counter).is_some_and(|expires_at| now < expires_at)
    }

    fn expires_at_of(&self, counter: u32) -> Option<OffsetDateTime> {
        if counter == self.counter {
            Some(self.expires_at)
        } else {
            self.former_expires_at.filter(|_| counter.checked_add(1) == Some(self.counter))
        }
    }
}

/// The state of a link from an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It can be used.
    Open,
    /// Its purpose is already fulfilled: the email address is verified.
    Done,
    /// It was never issued, has expired, was used, or was replaced by a newer one.
    Dead {
        /// The email address that it was sent to, if its holder is known to have read that email.
        email: Option<EmailAddress>,
    },
}

/// A request to issue a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueOneTimeToken {
    /// The ID of the row, if the account has no row of this purpose yet.
    pub id: OneTimeTokenId,
    /// The user of the account.
    pub user_id: UserId,
    /// The purpose.
    pub purpose: OneTimePurpose,
    /// The email address that the token is sent to.
    pub email: EmailAddress,
    /// The time of the request.
    pub now: OffsetDateTime,
}

#[cfg(test)]
mod tests;
