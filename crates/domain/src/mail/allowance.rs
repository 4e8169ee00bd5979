//! Limits on the messages that a user may cause and that a recipient may receive, and on changes that invalidate
//! messages that were sent.

use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::MailKind;
use crate::{
    UserId, account::email::EmailAddress, ports::RetryAfter, token::one_time::OneTimePurpose,
};

/// The maximum number of messages or changes per UTC day or hour. Each message or change counts once.
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

    /// The maximum number of changes of an account's email address per day.
    pub const EMAIL_CHANGES_PER_DAY: u32 = 3;

    /// The maximum number of times per day that the links which were sent to an email address can be invalidated by a
    /// change of the password, or of the address, of an account that has this address.
    ///
    /// An attacker who knows the password, or who registered with another user's address, could otherwise invalidate
    /// each link of the owner. After a change, one more email may be sent at once
    /// ([`OneTimeToken::void`](crate::token::one_time::OneTimeToken::void)), so the owner gets a valid link after this
    /// number of attempts at most.
    pub const INVALIDATIONS_PER_DAY: u32 = 3;

    /// Returns the allowance for the invites that an account may send on the day of `now`, or `None` if
    /// `limit` is 0, which means no limit.
    pub fn invitations_by(user: UserId, limit: u32, now: OffsetDateTime) -> Option<Self> {
        Self::new(format!("invitations by {user}"), limit, now)
    }

    /// Returns the allowance for the invites that an email address may receive on the day of `now`, from all
    /// senders together, or `None` if `limit` is 0, which means no limit.
    ///
    /// ```
    /// use doorward_domain::{account::email::EmailAddress, mail::Allowance};
    /// use time::OffsetDateTime;
    ///
    /// let email = EmailAddress::parse("Ann@example.com")?;
    /// let allowance = |limit| Allowance::invitations_to(&email, limit, OffsetDateTime::UNIX_EPOCH);
    /// assert_eq!(allowance(5).unwrap().key(), "invitations to ann@example.com");
    /// assert_eq!(allowance(0), None);
    /// # Ok::<(), doorward_domain::account::email::EmailError>(())
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

    /// Returns the allowance for the changes that invalidate the links sent to an email address, on the day of `now`,
    /// by all accounts that had the address. Resets don't count, because they require such a link.
    pub fn invalidations_for(address: &EmailAddress, now: OffsetDateTime) -> Self {
        let key = format!("invalidations for {}", address.key());
        Self::per_day(key, Self::INVALIDATIONS_PER_DAY, now)
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
    fn email_changes_are_counted_per_account_and_day() {
        let now = datetime!(2026-01-01 23:59:30 UTC);
        let allowance = Allowance::email_changes_of(UserId::NONE, now);
        assert_eq!(allowance.key(), "email changes of 00000000-0000-0000-0000-000000000000");
        assert_eq!(allowance.retry_after(now).seconds(), 30);
    }

    #[test]
    fn invalidations_are_counted_per_address_and_day() {
        let now = datetime!(2026-01-01 22:59:30 UTC);
        let address = EmailAddress::parse("Ann@Example.com").unwrap();
        let allowance = Allowance::invalidations_for(&address, now);
        assert_eq!(allowance.key(), "invalidations for ann@example.com");
        assert_eq!((allowance.limit(), allowance.retry_after(now).seconds()), (3, 3630));
    }

    #[test]
    fn limit_of_zero_means_no_limit() {
        let user = UserId::from_uuid(uuid::Uuid::nil());
        assert_eq!(Allowance::invitations_by(user, 0, OffsetDateTime::UNIX_EPOCH), None);
    }
}
