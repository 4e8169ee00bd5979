//! The threads that hash passwords, and the queue before them.

use std::time::Duration;

use doorward_adapters::passwords::{Argon2Hasher, Observer, TurnedAway};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::ConstGauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::whole;

/// From a hash that costs too little to a queue that takes too long.
const SECONDS: [f64; 11] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    reason: &'static str,
}

/// What the hasher told.
#[derive(Debug, Clone)]
pub(crate) struct Hashes {
    waited: Histogram,
    took: Histogram,
    turned_away: Family<Why, Counter>,
}

impl Default for Hashes {
    fn default() -> Self {
        let turned_away = Family::default();
        // Both are told from the start, so that the first one is seen as an increase.
        for why in [TurnedAway::Full, TurnedAway::Late] {
            drop(turned_away.get_or_create(&reason(why)));
        }
        Self { waited: Histogram::new(SECONDS), took: Histogram::new(SECONDS), turned_away }
    }
}

impl Hashes {
    pub(super) fn register(&self, registry: &mut Registry) {
        let about = "How long passwords waited for a thread";
        let (name, unit) = ("password_hash_wait", Unit::Seconds);
        registry.register_with_unit(name, about, unit, self.waited.clone());
        let about = "How long it took to hash a password";
        let (name, unit) = ("password_hash_duration", Unit::Seconds);
        registry.register_with_unit(name, about, unit, self.took.clone());
        let about = "Passwords that were not hashed because too many waited";
        registry.register("passwords_turned_away", about, self.turned_away.clone());
    }
}

impl Observer for Hashes {
    fn hashed(&self, waited: Duration, took: Duration) {
        self.waited.observe(waited.as_secs_f64());
        self.took.observe(took.as_secs_f64());
    }

    fn turned_away(&self, why: TurnedAway) {
        self.turned_away.get_or_create(&reason(why)).inc();
    }
}

fn reason(why: TurnedAway) -> Why {
    let reason = match why {
        TurnedAway::Full => "full",
        TurnedAway::Late => "late",
    };
    Why { reason }
}

/// Tells what goes on now.
pub(super) fn tell(hasher: &Argon2Hasher, registry: &mut Registry) {
    let about = "Passwords that wait to be hashed";
    registry.register("passwords_waiting", about, ConstGauge::new(whole(hasher.waiting())));
    let about = "Threads that hash a password at this moment";
    registry.register("passwords_hashing", about, ConstGauge::new(whole(hasher.busy())));
}
