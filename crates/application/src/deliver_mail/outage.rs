use std::sync::{Mutex, PoisonError};

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
        let cause: String = why.chars().take(CAUSE).collect();
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Reported { cause: earlier, at }) = &*reported
            && *earlier == cause
            && now - *at < REMINDER
        {
            return false;
        }
        *reported = Some(Reported { cause, at: now });
        true
    }

    /// A message was accepted. Returns `true` if it is the first one after an outage.
    pub(super) fn ends(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some()
    }
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
}
