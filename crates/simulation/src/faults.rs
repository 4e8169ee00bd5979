//! The faults that are injected, and how often.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use crate::rng::Chance;

/// The rate of each fault, per 10,000 opportunities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// A storage call fails before it takes effect.
    pub call_fails: u32,
    /// A commit, or a statement without a unit of work, takes effect, but its caller gets an error.
    pub outcome_lost: u32,
    /// A request is dropped at an await, because its client disconnected.
    pub request_dropped: u32,
    /// A client gets no response, while the server goes on.
    pub answer_lost: u32,
    /// The hasher is overloaded.
    pub hasher_busy: u32,
    /// A message is rejected, or accepted without confirmation, or the mail server hangs.
    pub mail_fails: u32,
    /// The server is killed, in a round of the fault injector.
    pub crash: u32,
    /// The clock is set, in a round of the fault injector.
    pub clock_set: u32,
}

impl Rates {
    /// Returns the rates for a seed: no faults for every fourth seed, otherwise random rates.
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
    /// Creates faults with these rates.
    pub fn new(rates: Rates, chance: Arc<Chance>) -> Self {
        Self { rates, over: AtomicBool::default(), count: AtomicU64::default(), chance }
    }

    /// Stops all faults from now on.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if this run has no faults.
    pub fn are_none(&self) -> bool {
        self.rates == Rates::default()
    }

    /// Returns the number of faults so far.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Returns `true` if a fault with this rate occurs now.
    pub fn strikes(&self, rate: impl Fn(&Rates) -> u32) -> bool {
        let strikes = !self.over.load(Ordering::Relaxed) && self.chance.happens(rate(&self.rates));
        self.count.fetch_add(strikes.into(), Ordering::Relaxed);
        strikes
    }

    /// Returns `true` if a request is dropped at this await.
    pub fn drops_request(&self) -> bool {
        self.strikes(|rates| rates.request_dropped)
    }
}
