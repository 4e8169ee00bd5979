//! Limits on the messages that a user may cause and that a recipient may receive, and on changes that invalidate messages
//! that were sent.

use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::MailKind;
use crate::{UserId, email::EmailAddress, one_time_token::OneTimePurpose, ports::RetryAfter};

/// A number of messages, or of changes, per UTC day or hour. Each takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    key: String,
    limit: u32,
    began_at: OffsetDateTime,
    length: Duration,
}

impl Allowance {
    /// How long allowances of past days are stored, in case a clock is set back.
    pub const KEPT: Duration = Duration::days(2);

    /// The maximum number of changes of an account's email address per day. It is less than
    /// [`OneTimePurpose::EMAILS_PER_HOUR`]: each change invalidates the links that were sent to the former address, so its
    /// owner, who wants to reclaim it from the account, gets a link that no change invalidates.
    pub const EMAIL_CHANGES_PER_DAY: u32 = 3;

    /// The maximum number of changes of an account's password per hour. Each change invalidates the reset links that were sent,
    /// so it is less than [`OneTimePurpose::EMAILS_PER_HOUR`], as [`Self::EMAIL_CHANGES_PER_DAY`] is.
    pub const PASSWORD_CHANGES_PER_HOUR: u32 = 3;

    /// The maximum number of changes of an account's password per day.
    pub const PASSWORD_CHANGES_PER_DAY: u32 = 10;

    /// Returns the allowance for the invites that an account may send on the day of `now`, or `None` if
    /// `limit` is 0, which means no limit.
    pub fn invitations_by(user: UserId, limit: u32, now: OffsetDateTime) -> Option<Self> {
        Self::new(format!("invitations by {user}"), limit, now)
    }

    /// Returns the allowance for the invites that an email address may receive on the day of `now`, from all
    /// senders together, or `None` if `limit` is 0, which means no limit.
    ///
    /// ```
    /// use doorward_domain::{email::EmailAddress, mail::Allowance};
    /// use time::OffsetDateTime;
    ///
    /// let email = EmailAddress::parse("Ann@example.com")?;
    /// let allowance = |limit| Allowance::invitations_to(&email, limit, OffsetDateTime::UNIX_EPOCH);
    /// assert_eq!(allowance(5).unwrap().key(), "invitations to ann@example.com");
    /// assert_eq!(allowance(0), None);
    /// # Ok::<(), doorward_domain::email::EmailError>(())
    /// ```
    pub fn invitations_to(to: &EmailAddress, limit: u32, now: OffsetDateTime) -> Option<Self> {
        Self::new(format!("invitations to {}", to.key()), limit, now)
    }

    /// Returns the allowances for the messages of a kind that an email address may receive per hour and per
    /// day, from all accounts and clients that can cause them: [`OneTimePurpose::EMAILS_PER_HOUR`] and
    /// [`OneTimePurpose::EMAILS_PER_DAY`].
    pub fn messages_to(to: &EmailAddress, kind: MailKind, now: OffsetDateTime) -> [Self; 2] {
        let key = |period| format!("{} {period} to {}", kind.as_str(), to.key());
        [
            Self::per_hour(key("an hour"), OneTimePurpose::EMAILS_PER_HOUR, now),
            Self::per_day(key("a day"), OneTimePurpose::EMAILS_PER_DAY, now),
        ]
    }

    /// Returns the allowance for the changes of an account's email address on the day of `now`.
    pub fn email_changes_of(user: UserId, now: OffsetDateTime) -> Self {
        Self::per_day(format!("email changes of {user}"), Self::EMAIL_CHANGES_PER_DAY, now)
    }

    /// Returns the allowances for the changes of an account's password in the hour and on the day of `now`. Resets don't count,
    /// because they require a link from an email.
    pub fn password_changes_of(user: UserId, now: OffsetDateTime) -> [Self; 2] {
        let key = |period| format!("password changes {period} of {user}");
        [
            Self::per_hour(key("an hour"), Self::PASSWORD_CHANGES_PER_HOUR, now),
            Self::per_day(key("a day"), Self::PASSWORD_CHANGES_PER_DAY, now),
        ]
    }

    const fn per_hour(key: String, limit: u32, now: OffsetDateTime) -> Self {
        let began_at = now.to_offset(UtcOffset::UTC).truncate_to_hour();
        Self { key, limit, began_at, length: Duration::HOUR }
    }

    const fn per_day(key: String, limit: u32, now: OffsetDateTime) -> Self {
        let began_at = now.to_offset(UtcOffset::UTC).replace_time(Time::MIDNIGHT);
        Self { key, limit, began_at, length: Duration::DAY }
    }

    fn new(key: String, limit: u32, now: OffsetDateTime) -> Option<Self> {
        (limit > 0).then(|| Self::per_day(key, limit, now))
    }

    /// Returns the key under which messages or changes are counted.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the maximum number of messages or changes.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// Returns the beginning of the day or hour.
    pub const fn began_at(&self) -> OffsetDateTime {
        self.began_at
    }

    /// Returns the time until the next day or hour begins.
    pub fn retry_after(&self, now: OffsetDateTime) -> RetryAfter {
        let left = self.began_at + self.length - now;
        RetryAfter(StdDuration::try_from(left).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn allowance_days_are_utc_days() {
        let allowance = |now| {
            Allowance::invitations_to(&EmailAddress::parse("Ann@example.com").unwrap(), 5, now)
        };
        let late = datetime!(2026-01-01 23:59:59 -5);
        assert_eq!(allowance(late), allowance(datetime!(2026-01-02 05:00 UTC)));
        assert_ne!(allowance(late), allowance(datetime!(2026-01-01 23:59:59 UTC)));
        let allowance = allowance(late).unwrap();
        assert_eq!(allowance.key(), "invitations to ann@example.com");
        assert_eq!(allowance.retry_after(late).seconds(), 19 * 3600 + 1);
    }

    #[test]
    fn messages_are_counted_per_kind_recipient_hour_and_day() {
        let ann = EmailAddress::parse("Ann@example.com").unwrap();
        let now = datetime!(2026-01-01 23:59:59.9 -5);
        let of = |kind| Allowance::messages_to(&ann, kind, now);
        let [hour, day] = of(MailKind::PasswordChanged);
        assert_eq!(hour.key(), "password_changed an hour to ann@example.com");
        assert_eq!(day.key(), "password_changed a day to ann@example.com");
        assert_eq!((hour.limit(), hour.began_at()), (5, datetime!(2026-01-02 04:00 UTC)));
        assert_eq!((day.limit(), day.began_at()), (20, datetime!(2026-01-02 00:00 UTC)));
        assert_ne!(of(MailKind::PasswordChanged), of(MailKind::AddressTaken));
    }

    #[test]
    fn email_changes_are_fewer_than_the_emails_of_an_hour() {
        let now = datetime!(2026-01-01 23:59:30 UTC);
        let allowance = Allowance::email_changes_of(UserId::NONE, now);
        assert_eq!(allowance.key(), "email changes of 00000000-0000-0000-0000-000000000000");
        assert_eq!(allowance.retry_after(now).seconds(), 30);
        assert!(allowance.limit() < OneTimePurpose::EMAILS_PER_HOUR);
    }

    #[test]
    fn password_changes_are_counted_per_hour_and_day() {
        let now = datetime!(2026-01-01 22:59:30 UTC);
        let [hour, day] = Allowance::password_changes_of(UserId::NONE, now);
        let user = "00000000-0000-0000-0000-000000000000";
        assert_eq!(hour.key(), format!("password changes an hour of {user}"));
        assert_eq!(day.key(), format!("password changes a day of {user}"));
        assert_eq!(hour.began_at(), datetime!(2026-01-01 22:00 UTC));
        assert_eq!(day.began_at(), datetime!(2026-01-01 0:00 UTC));
        assert_eq!((hour.retry_after(now).seconds(), day.retry_after(now).seconds()), (30, 3630));
        assert!(hour.limit() < OneTimePurpose::EMAILS_PER_HOUR);
    }

    #[test]
    fn limit_of_zero_means_no_limit() {
        let user = UserId::from_uuid(uuid::Uuid::nil());
        assert_eq!(Allowance::invitations_by(user, 0, OffsetDateTime::UNIX_EPOCH), None);
    }
}
