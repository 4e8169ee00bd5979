//! What has to hold of whatever comes to last, judged at each commit by what was before and what is after.

mod accounts;
mod mails;
mod orgs;
mod sessions;
mod tokens;

use crate::{
    clock::VirtualClock, faults::Faults, journal::Journal, ledger::Ledger, storage::State,
};

/// A commit, and what is known of the world around it.
pub struct Change<'a> {
    /// What was stored.
    pub before: &'a State,
    /// What is stored.
    pub after: &'a State,
    /// The time.
    pub clock: &'a VirtualClock,
    /// What has gone wrong.
    pub faults: &'a Faults,
    /// Where it is written down if something does not hold.
    pub journal: &'a Journal,
    /// What was done outside.
    pub ledger: &'a Ledger,
}

/// Judges a commit.
pub fn judge(change: &Change<'_>) {
    accounts::judge(change);
    sessions::judge(change);
    tokens::judge(change);
    orgs::judge(change);
    mails::judge(change);
}
