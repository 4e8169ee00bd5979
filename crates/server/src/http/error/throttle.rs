use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use time::OffsetDateTime;

/// Counts frequent events, and reports their number at most once per second.
pub(crate) struct EverySecond {
    told_at: AtomicI64,
    count: AtomicU64,
}

impl EverySecond {
    pub(crate) const fn new() -> Self {
        Self { told_at: AtomicI64::new(i64::MIN), count: AtomicU64::new(0) }
    }

    /// Counts an event. At most once per second, returns the number of events since the last report.
    pub(crate) fn count(&self, now: OffsetDateTime) -> Option<u64> {
        self.count.fetch_add(1, Ordering::Relaxed);
        let (second, told_at) = (now.unix_timestamp(), self.told_at.load(Ordering::Relaxed));
        let tells = second != told_at
            && self
                .told_at
                .compare_exchange(told_at, second, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        tells.then(|| self.count.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    #[test]
    fn counter_reports_at_most_once_per_second_and_loses_no_event() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let counter = EverySecond::new();
        assert_eq!(counter.count(now), Some(1));
        assert_eq!(counter.count(now), None);
        assert_eq!(counter.count(now + Duration::milliseconds(900)), None);
        assert_eq!(counter.count(now + Duration::SECOND), Some(3));
    }
}
