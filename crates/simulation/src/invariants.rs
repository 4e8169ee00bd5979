//! Invariants of stored data. Each commit is checked by comparing the state before and after it.

mod accounts;
mod mails;
mod orgs;
mod sessions;
mod tokens;

use crate::{
    clock::VirtualClock, faults::Faults, journal::Journal, ledger::Ledger, storage::State,
};

/// A commit and its context.
pub struct Change<'a> {
    /// The state before the commit.
    pub before: &'a State,
    /// The state after the commit.
    pub after: &'a State,
    /// The clock.
    pub clock: &'a VirtualClock,
    /// The faults.
    pub faults: &'a Faults,
    /// The journal in which violations are recorded.
    pub journal: &'a Journal,
    /// Facts from outside the server.
    pub ledger: &'a Ledger,
}

/// Checks a commit.
pub fn judge(change: &Change<'_>) {
    accounts::judge(change);
    sessions::judge(change);
    tokens::judge(change);
    orgs::judge(change);
    mails::judge(change);
}
