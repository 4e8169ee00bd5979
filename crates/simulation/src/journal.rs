//! The journal of a run, for debugging.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::ports::Clock;

use crate::clock::VirtualClock;

/// The invariants that have to hold in every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// I1: acknowledged writes persist.
    AcknowledgedLasts,
    /// I2: a single-use token succeeds at most once, and takes effect completely or not at all.
    OnceAtMost,
    /// I3: a session has one successor for each generation, and no fault ends it.
    FamilyConsistent,
    /// I4: each committed message is sent, and no other.
    MailGoesOut,
    /// I5: no wrong, expired, or foreign credential grants access.
    NothingOpens,
    /// I6: revoked credentials stay revoked.
    RevokedStays,
    /// I7: no partial changes are stored.
    NoHalfRows,
    /// I8: every request completes, and no user is denied access to their own account.
    GetsOn,
}

/// A violation of an invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The invariant.
    pub invariant: Invariant,
    /// A description.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.invariant, self.text)
    }
}

/// The number of responses of each kind.
pub type Counts = BTreeMap<&'static str, u64>;

#[derive(Debug, Default)]
struct Entries {
    lines: Vec<String>,
    counts: Counts,
    violation: Option<Violation>,
}

/// The journal of a run.
#[derive(Debug)]
pub struct Journal {
    clock: VirtualClock,
    entries: Mutex<Entries>,
}

impl Journal {
    /// Creates an empty journal.
    pub fn new(clock: VirtualClock) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line.
    pub fn note(&self, line: fmt::Arguments<'_>) {
        let time = self.clock.now().time();
        self.entries().lines.push(format!("{time} {line}"));
    }

    /// Counts a response.
    pub fn count(&self, what: &'static str) {
        *self.entries().counts.entry(what).or_default() += 1;
    }

    /// Returns the number of responses of each kind.
    pub fn counts(&self) -> Counts {
        self.entries().counts.clone()
    }

    /// Records a violation. Only the first one is kept.
    pub fn violated(&self, invariant: Invariant, text: impl Into<String>) {
        let violation = Violation { invariant, text: text.into() };
        self.note(format_args!("VIOLATED {violation}"));
        self.entries().violation.get_or_insert(violation);
    }

    /// Records a violation unless `holds` is `true`.
    pub fn check(&self, holds: bool, invariant: Invariant, text: impl FnOnce() -> String) {
        if !holds {
            self.violated(invariant, text());
        }
    }

    /// Returns the first violation.
    pub fn violation(&self) -> Option<Violation> {
        self.entries().violation.clone()
    }

    /// Returns the last `count` lines.
    pub fn tail(&self, count: usize) -> Vec<String> {
        let entries = self.entries();
        entries.lines.iter().skip(entries.lines.len().saturating_sub(count)).cloned().collect()
    }
}
