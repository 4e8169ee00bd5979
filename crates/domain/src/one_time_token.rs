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
    /// How long after one email the next may go out to the same address of an account.
    pub const INTERVAL: Duration = Duration::minutes(1);

    /// How many emails may go out to the same address of an account within an hour of the first of them.
    pub const EMAILS_PER_HOUR: u32 = 5;

    /// How many emails may go out to the same address of an account within any 24 hours.
    pub const EMAILS_PER_DAY: u32 = 20;

    /// How many of a day's emails may go out before they are spread over the day.
    pub const EMAILS_UNSPREAD: u32 = 10;

    /// How long it takes for one more email once [`Self::EMAILS_UNSPREAD`] have gone out. Someone who keeps asking
    /// in a user's name so delays the user's own email by this long, and not until the next day.
    pub const SPREAD: Duration =
        Duration::minutes(24 * 60 / (Self::EMAILS_PER_DAY as i64 - Self::EMAILS_UNSPREAD as i64));

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

/// An account's token of one purpose. There is one row for each pair, so that no rows pile up.
///
/// Anyone may ask for an email, so asking must not invalidate a link that was mailed: while a token is young, the
/// same one is mailed again, and when the counter moves on because it is old, it stays valid for the rest of its
/// time. A use, a change of password or address, and [`OneTimeTokenRepository::void`] invalidate all of them.
///
/// [`OneTimeTokenRepository::void`]: crate::ports::OneTimeTokenRepository::void
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
    /// When the token with the counter before ends, if the counter moved on only because that one was old.
    pub former_expires_at: Option<OffsetDateTime>,
    /// When it was used.
    pub used_at: Option<OffsetDateTime>,
    /// The emails that went out for it and for those before.
    pub emails: EmailCount,
}

/// The emails of one purpose that went out to an account's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmailCount {
    /// When the latest went out.
    pub latest_at: OffsetDateTime,
    /// When the first of those that are counted in `in_hour` went out.
    pub hour_began_at: OffsetDateTime,
    /// How many went out since then.
    pub in_hour: u32,
    /// When the day's budget is full again, by the generic cell rate algorithm (ITU-T I.371).
    pub day_full_at: OffsetDateTime,
}

impl EmailCount {
    /// Counts the first email.
    pub fn first(now: OffsetDateTime) -> Self {
        let day_full_at = now + OneTimePurpose::SPREAD;
        Self { latest_at: now, hour_began_at: now, in_hour: 1, day_full_at }
    }

    /// Counts the next email; `None` if it is one too many.
    fn next(self, now: OffsetDateTime) -> Option<Self> {
        const SPREAD: Duration = OneTimePurpose::SPREAD;
        let is_new_hour = self.hour_began_at <= now - Duration::HOUR;
        let may_go_out = self.latest_at <= now - OneTimePurpose::INTERVAL
            && (is_new_hour || self.in_hour < OneTimePurpose::EMAILS_PER_HOUR)
            && self.day_full_at <= now + SPREAD * (OneTimePurpose::EMAILS_UNSPREAD - 1);
        let (hour_began_at, in_hour) =
            if is_new_hour { (now, 1) } else { (self.hour_began_at, self.in_hour + 1) };
        let day_full_at = self.day_full_at.max(now) + SPREAD;
        may_go_out.then_some(Self { latest_at: now, hour_began_at, in_hour, day_full_at })
    }
}

impl OneTimeToken {
    /// The first token of its row.
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

    /// The row as it is after another email was asked for; `None` if none may go out. This is the rule that
    /// [`OneTimeTokenRepository::issue`] has to follow.
    ///
    /// [`OneTimeTokenRepository::issue`]: crate::ports::OneTimeTokenRepository::issue
    pub fn next(&self, issue: &IssueOneTimeToken) -> Option<Self> {
        let next = Self { id: self.id, counter: self.counter + 1, ..Self::first(issue) };
        if self.email != issue.email {
            return Some(next);
        }
        let emails = self.emails.next(issue.now)?;
        let is_young = self.expires_at > issue.now + issue.purpose.lifetime() / 2;
        if is_young && self.used_at.is_none() {
            return Some(Self { emails, ..self.clone() });
        }
        let former_expires_at = self.used_at.is_none().then_some(self.expires_at);
        Some(Self { former_expires_at, emails, ..next })
    }

    /// Uses the row up. Its owner has read the emails, so that those before do not count against the next.
    pub fn use_up(&mut self, now: OffsetDateTime) {
        self.used_at = Some(now);
        self.emails =
            EmailCount { hour_began_at: now, in_hour: 0, day_full_at: now, ..self.emails };
    }

    /// Invalidates all tokens of the row, whatever a clock says that is set back.
    pub fn void(&mut self, now: OffsetDateTime) {
        (self.counter, self.expires_at, self.former_expires_at) = (self.counter + 1, now, None);
    }

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
    /// The address is told only to the holder of one of the row's valid tokens: an older one may have been mailed
    /// to another address.
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
mod tests;
