//! How many messages a user may cause, and a recipient may be sent, on one day.

use std::time::Duration as StdDuration;

use time::{Duration, OffsetDateTime, Time, UtcOffset};

use crate::{UserId, email::EmailAddress, ports::RetryAfter};

/// A number of messages for one day, in UTC, of which each message takes one.
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

    /// The beginning of the day.
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
    fn limit_of_zero_is_no_limit() {
        let user = UserId::from_uuid(uuid::Uuid::nil());
        assert_eq!(Allowance::invitations_by(user, 0, OffsetDateTime::UNIX_EPOCH), None);
    }
}
