use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::account::email::EmailAddress;
use time::{Duration, OffsetDateTime};

/// The interval after which the same cause is logged again.
const REMINDER: Duration = Duration::minutes(15);

/// The number of characters by which causes are distinguished. They cover the step, the code, and the beginning of the
/// mail server's response. The rest often differs each time, such as a conversation ID.
const CAUSE: usize = 48;

/// The last logged reason why messages are not accepted. Each cause is logged once, although a message of every batch
/// is tried every few seconds.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Reported>>);

#[derive(Debug)]
struct Reported {
    cause: String,
    at: OffsetDateTime,
}

impl Outage {
    /// Returns `true` if the reason has to be logged.
    pub(super) fn is_news(&self, why: &str, now: OffsetDateTime) -> bool {
        is_news(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), why, now)
    }

    /// Records that a message was accepted. Returns `true` if it is the first one after an outage.
    pub(super) fn ends(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }
}

/// The maximum number of domains that are remembered.
const MAX_DOMAINS: usize = 1000;

/// The last logged rejection of the sender. The mail server may reject messages to some recipients while it accepts
/// messages to others, so a rejection is over only when a message to the same domain is accepted.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Refused>);

#[derive(Debug, Default)]
struct Refused {
    /// The domains of the recipients.
    domains: HashSet<String>,
    last: Option<OffsetDateTime>,
    reported: Option<Reported>,
    /// Whether a rejection was logged, but not its end.
    is_open: bool,
}

impl Refusals {
    /// Returns `true` if the reason has to be logged. The same cause is logged once per [`REMINDER`], even if messages
    /// are accepted in between.
    pub(super) fn is_news(&self, to: &EmailAddress, why: &str, now: OffsetDateTime) -> bool {
        let mut refused = self.refused();
        if refused.domains.len() < MAX_DOMAINS {
            refused.domains.insert(to.domain().to_owned());
        }
        refused.last = Some(now);
        let is_news = is_news(&mut refused.reported, why, now);
        refused.is_open |= is_news;
        is_news
    }

    /// Records that a message was accepted. Returns `true` if the end of the rejections has to be logged: a message to
    /// the same domain was rejected before, or no message was rejected for [`REMINDER`].
    pub(super) fn ends(&self, to: &EmailAddress, now: OffsetDateTime) -> bool {
        let mut refused = self.refused();
        let was_refused = refused.domains.remove(to.domain());
        let is_long_ago = refused.last.is_some_and(|last| now - last >= REMINDER);
        (was_refused || is_long_ago) && std::mem::take(&mut refused.is_open)
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_news(reported: &mut Option<Reported>, why: &str, now: OffsetDateTime) -> bool {
    let cause: String = why.chars().take(CAUSE).collect();
    if let Some(Reported { cause: earlier, at }) = reported
        && *earlier == cause
        && now - *at < REMINDER
    {
        return false;
    }
    *reported = Some(Reported { cause, at: now });
    true
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn outage_is_logged_once_until_its_cause_changes_it_ends_or_the_reminder_is_due() {
        let (outage, now) = (Outage::default(), datetime!(2026-01-01 12:00 UTC));
        let refused = "signing in to the mail server: 535 5.7.8 wrong password";
        assert!(outage.is_news(&format!("{refused} id-1"), now));
        assert!(!outage.is_news(&format!("{refused} id-2"), now + Duration::MINUTE));
        assert!(outage.is_news("connecting to the mail server: refused", now));
        assert!(outage.is_news(refused, now));
        assert!(outage.is_news(refused, now + REMINDER));
        assert!(outage.ends() && !outage.ends());
        assert!(outage.is_news(refused, now));
    }

    #[test]
    fn sender_rejections_end_when_the_domain_accepts_or_no_message_is_rejected_for_long() {
        let (refusals, now) = (Refusals::default(), datetime!(2026-01-01 12:00 UTC));
        let [ann, bob, eve] = ["ann@example.com", "bob@example.com", "eve@example.org"]
            .map(|text| EmailAddress::parse(text).unwrap());
        assert!(!refusals.ends(&ann, now));
        assert!(refusals.is_news(&ann, "relay access denied", now));
        // The mail server accepts messages to this other domain all the time.
        assert!(!refusals.ends(&eve, now));
        assert!(refusals.ends(&bob, now) && !refusals.ends(&bob, now));
        // A policy about one recipient doesn't fill the log.
        assert!(!refusals.is_news(&ann, "relay access denied", now) && !refusals.ends(&bob, now));
        assert!(refusals.is_news(&ann, "relay access denied", now + REMINDER));
        assert!(refusals.ends(&eve, now + REMINDER * 2));
    }
}
