use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::MailId;
use time::{Duration, OffsetDateTime};

/// The same cause is reported again after this long.
const REMINDER: Duration = Duration::minutes(15);

/// So many characters tell one cause from another: the step, the code, and the beginning of what the mail
/// server says. What follows often differs each time, such as the id of the conversation.
const CAUSE: usize = 48;

/// Why messages are not accepted, as far as the log has been told: once for each cause, although a
/// message of every batch is tried every few seconds.
#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<Option<Reported>>);

#[derive(Debug)]
struct Reported {
    cause: String,
    at: OffsetDateTime,
}

impl Outage {
    /// Returns `true` if the log is to say why.
    pub(super) fn is_news(&self, why: &str, now: OffsetDateTime) -> bool {
        is_news(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), why, now)
    }

    /// A message was accepted. Returns `true` if it is the first one after an outage.
    pub(super) fn ends(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }
}

/// So many refused messages are remembered.
const MAX_REFUSED: usize = 1000;

/// Messages that the mail server refuses because of their sender, as far as the log has been told. Others may be accepted
/// meanwhile, so it is over when one of those that were refused is.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Refused>);

#[derive(Debug, Default)]
struct Refused {
    waiting: HashSet<MailId>,
    last: Option<OffsetDateTime>,
    reported: Option<Reported>,
    /// Whether the log has a refusal without an end.
    is_open: bool,
}

impl Refusals {
    /// Returns `true` if the log is to say why. The same cause is reported once in a while, even if messages are accepted
    /// in between.
    pub(super) fn is_news(&self, id: MailId, why: &str, now: OffsetDateTime) -> bool {
        let mut refused = self.refused();
        if refused.waiting.len() < MAX_REFUSED {
            refused.waiting.insert(id);
        }
        refused.last = Some(now);
        let is_news = is_news(&mut refused.reported, why, now);
        refused.is_open |= is_news;
        is_news
    }

    /// A message was accepted. Returns `true` if the log is to say that the refusals are over: it had been refused, or
    /// nothing was for a while (another server may have sent those that were).
    pub(super) fn ends(&self, id: MailId, now: OffsetDateTime) -> bool {
        let mut refused = self.refused();
        let was_refused = refused.waiting.remove(&id);
        let is_long_ago = refused.last.is_some_and(|last| now - last >= REMINDER);
        (was_refused || is_long_ago) && std::mem::take(&mut refused.is_open)
    }

    /// A message was given up.
    pub(super) fn forget(&self, id: MailId) {
        self.refused().waiting.remove(&id);
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
    fn cause_is_reported_once_until_it_changes_ends_or_lasts() {
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
    fn refusals_end_when_a_refused_message_is_accepted_or_none_is_refused_for_long() {
        let (refusals, now) = (Refusals::default(), datetime!(2026-01-01 12:00 UTC));
        let [one, other]: [MailId; 2] =
            [1, 2].map(|id| format!("00000000-0000-0000-0000-00000000000{id}").parse().unwrap());
        assert!(!refusals.ends(one, now));
        assert!(refusals.is_news(one, "relay access denied", now));
        // To another domain, which the mail server accepts all the time.
        assert!(!refusals.ends(other, now));
        assert!(refusals.ends(one, now) && !refusals.ends(one, now));
        // A policy about one recipient does not fill the log.
        assert!(!refusals.is_news(one, "relay access denied", now) && !refusals.ends(one, now));
        assert!(refusals.is_news(one, "relay access denied", now + REMINDER));
        refusals.forget(one);
        assert!(!refusals.ends(one, now + REMINDER));
        assert!(refusals.ends(other, now + REMINDER * 2));
    }
}
