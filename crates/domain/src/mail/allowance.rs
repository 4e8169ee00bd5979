//! How many messages a user may cause, and a recipient may be sent.

use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::MailSubject;
use crate::{UserId, email::EmailAddress, one_time_token::OneTimePurpose, ports::RetryAfter};

/// A number of messages for one day or one hour, in UTC, of which each message takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    key: String,
    limit: u32,
    day: OffsetDateTime,
}

impl Allowance {
    /// For how long days that are over are kept. A clock may be set back.
    pub const KEPT: Duration = Duration::days(2);

    /// The invitations that an account may send; `None` if their number has no limit (0).
    pub fn invitations_by(user: UserId, limit: u32, now: OffsetDateTime) -> Option<Self> {
        Self::new(format!("invitations by {user}"), limit, now)
    }

    /// The invitations that an address may be sent, by all senders together; `None` if their number has no limit (0).
    pub fn invitations_to(to: &EmailAddress, limit: u32, now: OffsetDateTime) -> Option<Self> {
        Self::new(format!("invitations to {}", to.key()), limit, now)
    }

    /// The messages of a kind that an address may be sent in an hour and on a day, by all accounts and clients that can
    /// cause them: [`OneTimePurpose::EMAILS_PER_HOUR`] and [`OneTimePurpose::EMAILS_PER_DAY`].
    pub fn messages_to(to: &EmailAddress, kind: MailSubject, now: OffsetDateTime) -> [Self; 2] {
        let hour = now.to_offset(UtcOffset::UTC).truncate_to_hour();
        let key = |period| format!("{} {period} to {}", kind.as_str(), to.key());
        let of = |period, limit, day| Self { key: key(period), limit, day };
        [
            of("an hour", OneTimePurpose::EMAILS_PER_HOUR, hour),
            of("a day", OneTimePurpose::EMAILS_PER_DAY, hour.replace_time(Time::MIDNIGHT)),
        ]
    }

    fn new(key: String, limit: u32, now: OffsetDateTime) -> Option<Self> {
        let day = now.to_offset(UtcOffset::UTC).replace_time(Time::MIDNIGHT);
        (limit > 0).then_some(Self { key, limit, day })
    }

    /// What is counted.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The greatest number.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// The beginning of the day, or of the hour.
    pub const fn day(&self) -> OffsetDateTime {
        self.day
    }

    /// How long to wait for the next day.
    pub fn retry_after(&self, now: OffsetDateTime) -> RetryAfter {
        let left = self.day + Duration::DAY - now;
        RetryAfter(StdDuration::try_from(left).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn days_are_those_of_utc() {
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
    fn messages_are_counted_by_kind_and_recipient_for_an_hour_and_a_day() {
        let ann = EmailAddress::parse("Ann@example.com").unwrap();
        let now = datetime!(2026-01-01 23:59:59.9 -5);
        let of = |kind| Allowance::messages_to(&ann, kind, now);
        let [hour, day] = of(MailSubject::PasswordChanged);
        assert_eq!(hour.key(), "password_changed an hour to ann@example.com");
        assert_eq!(day.key(), "password_changed a day to ann@example.com");
        assert_eq!((hour.limit(), hour.day()), (5, datetime!(2026-01-02 04:00 UTC)));
        assert_eq!((day.limit(), day.day()), (20, datetime!(2026-01-02 00:00 UTC)));
        assert_ne!(of(MailSubject::PasswordChanged), of(MailSubject::AddressTaken));
    }

    #[test]
    fn limit_of_zero_is_no_limit() {
        let user = UserId::from_uuid(uuid::Uuid::nil());
        assert_eq!(Allowance::invitations_by(user, 0, OffsetDateTime::UNIX_EPOCH), None);
    }
}
