//! What goes wrong, and how often.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use crate::chance::Chance;

/// How often something goes wrong, in ten thousand times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// A call of the storage fails before anything of it has happened.
    pub call_fails: u32,
    /// A commit, or a statement that lasts at once, takes place, and its caller hears that it failed.
    pub outcome_lost: u32,
    /// At an await, a request is dropped: its client has gone away.
    pub request_dropped: u32,
    /// A client hears no answer, while the server goes on.
    pub answer_lost: u32,
    /// The hasher has too much to do.
    pub hasher_busy: u32,
    /// A mail is refused, or taken with nobody hearing of it, or the mail server hangs.
    pub mail_fails: u32,
    /// In a round of the weather, the server is killed.
    pub crash: u32,
    /// In a round of the weather, the clock is set.
    pub clock_set: u32,
}

impl Rates {
    /// What goes wrong in the run of a seed: in every fourth one nothing at all, else more or less of each.
    pub fn of(seed: u64, chance: &Chance) -> Self {
        if seed.is_multiple_of(4) {
            return Self::default();
        }
        let some = |most: u64| match chance.below(3) {
            0 => 0,
            _ => chance.below(most).try_into().unwrap_or(u32::MAX),
        };
        Self {
            call_fails: some(400),
            outcome_lost: some(800),
            request_dropped: some(200),
            answer_lost: some(1500),
            hasher_busy: some(500),
            mail_fails: some(4000),
            crash: some(2500),
            clock_set: some(1500),
        }
    }
}

/// The faults of a run.
#[derive(Debug)]
pub struct Faults {
    rates: Rates,
    over: AtomicBool,
    count: AtomicU64,
    chance: Arc<Chance>,
}

impl Faults {
    /// Faults that come at these rates.
    pub fn new(rates: Rates, chance: Arc<Chance>) -> Self {
        Self { rates, over: AtomicBool::default(), count: AtomicU64::default(), chance }
    }

    /// From now on nothing goes wrong.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Whether nothing goes wrong in this run.
    pub fn are_none(&self) -> bool {
        self.rates == Rates::default()
    }

    /// How much has gone wrong.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether something goes wrong that does so at this rate.
    pub fn strikes(&self, rate: impl Fn(&Rates) -> u32) -> bool {
        let strikes = !self.over.load(Ordering::Relaxed) && self.chance.happens(rate(&self.rates));
        self.count.fetch_add(strikes.into(), Ordering::Relaxed);
        strikes
    }

    /// Whether a request is dropped at this await.
    pub fn drops_request(&self) -> bool {
        self.strikes(|rates| rates.request_dropped)
    }
}
