//! Storage in memory: collections that implement the contracts of the ports.
//!
//! There is one writer at a time, which holds the lock from the begin to the end of a unit of work, as on
//! SQLite (`BEGIN IMMEDIATE`). PostgreSQL allows more concurrency. The tests on real databases cover what
//! only PostgreSQL allows.

mod audit;
mod devices;
mod invites;
mod memberships;
mod one_time_tokens;
mod orgs;
mod outbox;
mod sessions;
mod signing_keys;
mod state;
mod table;
mod users;
mod work;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use doorward_domain::ports::{NotReady, Repositories, Storage, StorageError, UnitOfWork};

pub use state::{Account, IssuedToken, Mail, State};
pub use table::Table;

use work::Work;

/// A call of the storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Connect.
    Connect,
    /// Begin a unit of work.
    Begin,
    /// Read.
    Read,
    /// Write in a unit of work.
    Write,
    /// Write without a unit of work, which is committed immediately.
    WriteAlone,
    /// Commit a unit of work.
    Commit,
}

/// Hooks around the calls of the storage. By default, they do nothing.
#[async_trait]
pub trait Surroundings: Send + Sync {
    /// Runs before a call takes effect.
    ///
    /// # Errors
    /// If it returns an error, the call has no effect.
    async fn before(&self, _call: Call) -> Result<(), StorageError> {
        Ok(())
    }

    /// Runs after a call took effect.
    ///
    /// # Errors
    /// If it returns an error, the call has taken effect, but its caller gets the error.
    async fn after(&self, _call: Call) -> Result<(), StorageError> {
        Ok(())
    }

    /// Runs when a change is committed.
    fn committed(&self, _before: &State, _after: &State) {}
}

/// Hooks that do nothing.
#[derive(Debug)]
pub struct Calm;

impl Surroundings for Calm {}

/// How long a connection that writes without a unit of work blocks other writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lending {
    /// Until the connection is released, as in the pool of SQLite's only writer.
    UntilGivenBack,
    /// For one statement, as on PostgreSQL.
    PerStatement,
}

/// A storage that exists until it is dropped. Clones share the same data.
#[derive(Clone)]
pub struct MemoryStorage {
    state: Arc<Mutex<State>>,
    writer: Arc<tokio::sync::Mutex<()>>,
    lending: Lending,
    surroundings: Arc<dyn Surroundings>,
}

impl MemoryStorage {
    /// Creates an empty storage.
    pub fn new(lending: Lending, surroundings: Arc<dyn Surroundings>) -> Self {
        Self { state: Arc::default(), writer: Arc::default(), lending, surroundings }
    }

    /// Returns the committed state, without the changes of open units of work.
    pub fn committed(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn install(&self, next: State) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.surroundings.committed(&state, &next);
        *state = next;
    }
}

impl fmt::Debug for MemoryStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStorage").finish_non_exhaustive()
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError> {
        self.surroundings.before(Call::Connect).await?;
        Ok(Box::new(Work::new(self.clone())))
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        Ok(Box::new(Work::begin(self.clone()).await?))
    }

    async fn check_ready(&self) -> Result<(), NotReady> {
        self.surroundings.before(Call::Connect).await.map_err(NotReady::Unavailable)
    }
}
