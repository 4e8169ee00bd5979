//! What happened in a run, for whoever has to find out why.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::ports::Clock;

use crate::clock::VirtualClock;

/// What has to hold, whatever happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// I1: what was acknowledged lasts.
    AcknowledgedLasts,
    /// I2: a single-use token succeeds once at most, all or nothing.
    OnceAtMost,
    /// I3: a session has one successor for each generation, and no fault ends it.
    FamilyConsistent,
    /// I4: each mail that was committed goes out, and no other.
    MailGoesOut,
    /// I5: nothing is opened by what is wrong, expired or another's.
    NothingOpens,
    /// I6: what was revoked stays revoked.
    RevokedStays,
    /// I7: there are no half rows.
    NoHalfRows,
    /// I8: everybody gets on in the end, and is refused nothing that is theirs.
    GetsOn,
}

/// What did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which of what has to hold.
    pub invariant: Invariant,
    /// In words.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.invariant, self.text)
    }
}

/// How often the server answered what.
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
    /// An empty one.
    pub fn new(clock: VirtualClock) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line.
    pub fn note(&self, line: fmt::Arguments<'_>) {
        let time = self.clock.now().time();
        self.entries().lines.push(format!("{time} {line}"));
    }

    /// Counts an answer.
    pub fn count(&self, what: &'static str) {
        *self.entries().counts.entry(what).or_default() += 1;
    }

    /// How often the server answered what.
    pub fn counts(&self) -> Counts {
        self.entries().counts.clone()
    }

    /// Writes down that something does not hold. The first one counts.
    pub fn violated(&self, invariant: Invariant, text: impl Into<String>) {
        let violation = Violation { invariant, text: text.into() };
        self.note(format_args!("VIOLATED {violation}"));
        self.entries().violation.get_or_insert(violation);
    }

    /// Writes down that something does not hold, unless it does.
    pub fn check(&self, holds: bool, invariant: Invariant, text: impl FnOnce() -> String) {
        if !holds {
            self.violated(invariant, text());
        }
    }

    /// What did not hold first.
    pub fn violation(&self) -> Option<Violation> {
        self.entries().violation.clone()
    }

    /// The last lines.
    pub fn tail(&self, count: usize) -> Vec<String> {
        let entries = self.entries();
        entries.lines.iter().skip(entries.lines.len().saturating_sub(count)).cloned().collect()
    }
}
