//! All states of the storage, against which responses are checked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use doorward_domain::ports::StorageError;
use tokio::task::yield_now;

use crate::{
    clock::VirtualClock,
    faults::Faults,
    invariants::{self, Change},
    journal::Journal,
    ledger::Ledger,
    storage::{Call, State, Surroundings},
};

/// A point in a run, counted in commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(usize);

/// The sequence of all states of the storage. Each state is checked when it is added.
pub struct History {
    states: Mutex<Vec<State>>,
    clock: VirtualClock,
    faults: Arc<Faults>,
    journal: Arc<Journal>,
    ledger: Arc<Ledger>,
}

impl History {
    /// Creates the history of an empty storage.
    pub fn new(
        clock: VirtualClock,
        faults: Arc<Faults>,
        journal: Arc<Journal>,
        ledger: Arc<Ledger>,
    ) -> Self {
        Self { states: Mutex::new(vec![State::default()]), clock, faults, journal, ledger }
    }

    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the current moment.
    pub fn now(&self) -> Moment {
        Moment(self.states().len().saturating_sub(1))
    }

    /// Returns the current state.
    pub fn state(&self) -> State {
        self.states().last().cloned().unwrap_or_default()
    }

    /// Returns the first state for which a condition is true, at this moment or later.
    pub fn first_since(&self, since: Moment, is_true: impl Fn(&State) -> bool) -> Option<State> {
        self.states().iter().skip(since.0).find(|state| is_true(state)).cloned()
    }

    /// Returns `true` if a condition was true at this moment or later. A response received since then is
    /// correct if it was.
    pub fn ever_since(&self, since: Moment, is_true: impl Fn(&State) -> bool) -> bool {
        self.states().iter().skip(since.0).any(is_true)
    }
}

/// Each storage call is a scheduling point before and after it takes effect, and can fail at either.
#[async_trait]
impl Surroundings for History {
    async fn before(&self, call: Call) -> Result<(), StorageError> {
        yield_now().await;
        if self.faults.strikes(|rates| rates.call_fails) {
            self.journal.note(format_args!("    storage fails before the call: {call:?}"));
            return Err(StorageError::Unavailable("injected fault".into()));
        }
        Ok(())
    }

    async fn after(&self, call: Call) -> Result<(), StorageError> {
        yield_now().await;
        let lasts = matches!(call, Call::Commit | Call::WriteAlone);
        if lasts && self.faults.strikes(|rates| rates.outcome_lost) {
            self.journal.note(format_args!("    storage fails after the call: {call:?}"));
            return Err(StorageError::Unavailable("the connection broke".into()));
        }
        Ok(())
    }

    fn committed(&self, before: &State, after: &State) {
        let Self { clock, faults, journal, ledger, .. } = self;
        invariants::judge(&Change { before, after, clock, faults, journal, ledger });
        self.states().push(after.clone());
    }
}
