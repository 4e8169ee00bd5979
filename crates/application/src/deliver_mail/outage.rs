use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::email::EmailAddress;
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

/// So many domains are remembered.
const MAX_DOMAINS: usize = 1000;

/// Messages that the mail server refuses because of their sender, as far as the log has been told. It may refuse them for
/// some recipients only and accept others meanwhile, so it is over when one to the same domain is accepted.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Refused>);

#[derive(Debug, Default)]
struct Refused {
    /// The domains of the recipients.
    domains: HashSet<String>,
    last: Option<OffsetDateTime>,
    reported: Option<Reported>,
    /// Whether the log has a refusal without an end.
    is_open: bool,
}

impl Refusals {
    /// Returns `true` if the log is to say why. The same cause is reported once in a while, even if messages are accepted
    /// in between.
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

    /// A message was accepted. Returns `true` if the log is to say that the refusals are over: one to the same domain was
    /// refused, or none was for a while.
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
    fn refusals_end_when_a_message_to_the_domain_is_accepted_or_none_is_refused_for_long() {
        let (refusals, now) = (Refusals::default(), datetime!(2026-01-01 12:00 UTC));
        let [ann, bob, eve] = ["ann@example.com", "bob@example.com", "eve@example.org"]
            .map(|text| EmailAddress::parse(text).unwrap());
        assert!(!refusals.ends(&ann, now));
        assert!(refusals.is_news(&ann, "relay access denied", now));
        // To another domain, which the mail server accepts all the time.
        assert!(!refusals.ends(&eve, now));
        assert!(refusals.ends(&bob, now) && !refusals.ends(&bob, now));
        // A policy about one recipient does not fill the log.
        assert!(!refusals.is_news(&ann, "relay access denied", now) && !refusals.ends(&bob, now));
        assert!(refusals.is_news(&ann, "relay access denied", now + REMINDER));
        assert!(refusals.ends(&eve, now + REMINDER * 2));
    }
}
