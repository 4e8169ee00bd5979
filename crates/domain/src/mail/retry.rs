//! When messages are retried.

use time::{Duration, OffsetDateTime};

/// The number of messages that a worker leases at a time.
pub const BATCH: u32 = 5;

/// The time after which a worker cancels an attempt to send a message.
pub const SEND_TIMEOUT: Duration = Duration::seconds(9);

/// The maximum deviation of a machine's clock from the actual time, in either direction.
pub const CLOCK_SKEW: Duration = Duration::seconds(30);

/// How long a worker's lease of messages lasts.
///
/// The next worker checks the end of the lease with its own clock. If the clock of the first worker is behind and the
/// clock of the next one is ahead, the lease is shorter by up to twice [`CLOCK_SKEW`]. The rest has to be long enough
/// for a batch of messages that all time out, and for the database.
pub const LEASE: Duration = Duration::minutes(2);

/// The number of delivery attempts after which a message is marked as failed.
pub const MAX_ATTEMPTS: u32 = 12;

/// How long messages wait if the mail server is unavailable. The time is short, because messages should be
/// sent soon after the mail server recovers. It is the same for all messages, so that they keep their order:
/// the first message of each batch finds out whether the server is back.
pub const AWAY: Duration = Duration::seconds(20);

/// How long a message waits while the mail server rejects its sender, before it is marked as failed (RFC
/// 5321, section 4.5.4.1: "at least 4-5 days"). The cause of the rejection may be the message after all.
pub const MAX_WAIT: Duration = Duration::days(5);

/// Returns `true` if a message whose sender was rejected may wait longer.
pub fn may_wait(created_at: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - created_at < MAX_WAIT
}

/// Returns how long a message waits whose sender was rejected: an eighth of the time since it was requested,
/// between 30 seconds and 30 minutes. A server that blocks this one for sending too often isn't contacted
/// every few seconds for days.
pub fn wait(created_at: OffsetDateTime, now: OffsetDateTime) -> Duration {
    let eighth: Duration = (now - created_at) / 8;
    eighth.clamp(Duration::seconds(30), Duration::minutes(30))
}

/// Returns when to retry after the `attempts`th failure: after 5 s, doubled each time, at most 30 minutes.
/// `jitter` is in `0.0..=1.0` and adds up to a quarter, so that messages that failed together aren't retried
/// together.
///
/// ```
/// use doorward_domain::mail::retry;
/// use time::{Duration, OffsetDateTime};
///
/// let now = OffsetDateTime::UNIX_EPOCH;
/// assert_eq!(retry::next(1, now, 0.0), now + Duration::seconds(5));
/// assert_eq!(retry::next(3, now, 0.0), now + Duration::seconds(20));
/// ```
pub fn next(attempts: u32, now: OffsetDateTime, jitter: f64) -> OffsetDateTime {
    let delay = Duration::seconds(5).saturating_mul(1 << attempts.saturating_sub(1).min(10));
    let delay = delay.min(Duration::minutes(30));
    now + delay + delay * (jitter.clamp(0.0, 1.0) / 4.0)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn batch_of_hanging_sends_ends_within_the_lease_despite_clock_skew() {
        let left = LEASE - CLOCK_SKEW * 2;
        let for_the_database = Duration::seconds(10);
        assert!(SEND_TIMEOUT * BATCH + for_the_database <= left);
    }

    #[test]
    fn rejected_sender_is_retried_less_often_over_time() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let waits = |hours| wait(now - Duration::hours(hours), now);
        assert_eq!(wait(now, now), Duration::seconds(30));
        assert_eq!(wait(now + Duration::HOUR, now), Duration::seconds(30));
        assert!(waits(1) > waits(0) && waits(2) > waits(1));
        assert_eq!(waits(100), Duration::minutes(30));
        assert!(may_wait(now - MAX_WAIT + Duration::SECOND, now));
        assert!(!may_wait(now - MAX_WAIT, now));
    }

    #[test]
    fn retries_wait_longer_each_time() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let waits = [1, 2, 3, 9, 10, 40].map(|n| (next(n, now, 0.0) - now).whole_seconds());
        assert_eq!(waits, [5, 10, 20, 1280, 1800, 1800]);
        assert_eq!((next(2, now, 1.0) - now).whole_milliseconds(), 12_500);
    }
}
