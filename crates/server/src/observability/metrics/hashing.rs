//! Metrics of the threads that hash passwords, and of their queue.

use std::time::Duration;

use doorward_adapters::passwords::{Argon2Hasher, HashMetrics, HashRejection};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::ConstGauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::whole;

/// The buckets: from a hash that is too cheap to a queue that is too slow.
const SECONDS: [f64; 11] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    reason: &'static str,
}

/// Metrics that the hasher reports.
#[derive(Debug, Clone)]
pub(crate) struct Hashes {
    waited: Histogram,
    took: Histogram,
    rejected: Family<Why, Counter>,
}

impl Default for Hashes {
    fn default() -> Self {
        let rejected = Family::default();
        // Both are exported from the start, so that the first rejection counts as an increase.
        for why in [HashRejection::QueueFull, HashRejection::TimedOut] {
            drop(rejected.get_or_create(&reason(why)));
        }
        Self { waited: Histogram::new(SECONDS), took: Histogram::new(SECONDS), rejected }
    }
}

impl Hashes {
    pub(super) fn register(&self, registry: &mut Registry) {
        let about = "Time that passwords waited for a hashing thread";
        let (name, unit) = ("password_hash_wait", Unit::Seconds);
        registry.register_with_unit(name, about, unit, self.waited.clone());
        let about = "Time to hash a password";
        let (name, unit) = ("password_hash_duration", Unit::Seconds);
        registry.register_with_unit(name, about, unit, self.took.clone());
        let about = "Passwords rejected without hashing because the queue was full or too slow";
        registry.register("password_hash_rejected", about, self.rejected.clone());
    }
}

impl HashMetrics for Hashes {
    fn hashed(&self, waited: Duration, took: Duration) {
        self.waited.observe(waited.as_secs_f64());
        self.took.observe(took.as_secs_f64());
    }

    fn rejected(&self, why: HashRejection) {
        self.rejected.get_or_create(&reason(why)).inc();
    }
}

fn reason(why: HashRejection) -> Why {
    let reason = match why {
        HashRejection::QueueFull => "queue_full",
        HashRejection::TimedOut => "timeout",
    };
    Why { reason }
}

/// Exports the current state of the hasher.
pub(super) fn collect(hasher: &Argon2Hasher, registry: &mut Registry) {
    let about = "Passwords waiting to be hashed";
    registry.register("password_hash_queue_depth", about, ConstGauge::new(whole(hasher.waiting())));
    let about = "Passwords being hashed";
    registry.register("password_hash_in_flight", about, ConstGauge::new(whole(hasher.busy())));
}
