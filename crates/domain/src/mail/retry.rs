//! How often and how late a mail is tried again.

use time::{Duration, OffsetDateTime};

/// How many mails a worker takes at a time.
pub const BATCH: u32 = 5;

/// A mail that the mailer has not handed over within this is given up for now.
pub const SEND_TIMEOUT: Duration = Duration::seconds(9);

/// How far the clock of a machine may be from the time, to either side.
pub const CLOCK_SKEW: Duration = Duration::seconds(30);

/// For how long a worker that took mails has them for itself. The end is told by the clock of whoever
/// comes next: between one worker that is behind and another that is ahead, twice the skew of it is
/// lost, and what is left has to be enough for a batch of mails that all hang, and for the database.
pub const LEASE: Duration = Duration::minutes(2);

/// A mail is parked after this many tries.
pub const MAX_ATTEMPTS: u32 = 12;

/// How long mails wait that could not even be offered. Short, since they have to go out soon after
/// the mail server's return, and the same for all, so that they keep their order: one of each
/// batch finds out whether it is back.
pub const AWAY: Duration = Duration::seconds(20);

/// How long a message waits for a mail server that refuses its sender, before it is given up (RFC 5321,
/// section 4.5.4.1: "at least 4-5 days"). It may be the message after all that is refused each time.
pub const MAX_WAIT: Duration = Duration::days(5);

/// Whether a message that was refused for the sender's sake may wait on.
pub fn may_wait(created_at: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - created_at < MAX_WAIT
}

/// How long a message waits whose sender was refused: the longer, the longer it has waited, so that a server
/// that blocks this one for its insistence is not asked every few seconds for days.
pub fn wait(created_at: OffsetDateTime, now: OffsetDateTime) -> Duration {
    let eighth: Duration = (now - created_at) / 8;
    eighth.clamp(Duration::seconds(30), Duration::minutes(30))
}

/// When to try again after the `attempts`th failure: 5 s, doubled each time, 30 minutes at most.
/// `jitter` is in `0.0..=1.0` and adds up to a quarter, so that mails that failed together do
/// not come back together.
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
    fn a_batch_of_mails_that_hang_is_done_within_the_lease_whatever_the_clocks_say() {
        let left = LEASE - CLOCK_SKEW * 2;
        let for_the_database = Duration::seconds(10);
        assert!(SEND_TIMEOUT * BATCH + for_the_database <= left);
    }

    #[test]
    fn refused_sender_is_retried_less_often_the_longer_it_lasts() {
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
