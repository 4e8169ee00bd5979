//! Storage in memory: plain collections that do what the ports ask for.
//!
//! There is one writer at a time, who holds the lock from the begin of a unit of work to its end, as on SQLite
//! (`BEGIN IMMEDIATE`). PostgreSQL lets more happen at once; what it lets through that this does not is
//! for the tests on the real databases.

mod audit;
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

/// What is asked of a storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// To connect.
    Connect,
    /// To begin a unit of work.
    Begin,
    /// To read.
    Read,
    /// To write within a unit of work.
    Write,
    /// To write without one, which lasts at once.
    WriteAlone,
    /// To make a unit of work last.
    Commit,
}

/// What happens around the calls of a storage. Nothing does, unless an implementation says otherwise.
#[async_trait]
pub trait Surroundings: Send + Sync {
    /// Before anything of a call has happened.
    ///
    /// # Errors
    /// Nothing of it happens.
    async fn before(&self, _call: Call) -> Result<(), StorageError> {
        Ok(())
    }

    /// After all of a call has happened.
    ///
    /// # Errors
    /// It has happened, and the caller doesn't get to know.
    async fn after(&self, _call: Call) -> Result<(), StorageError> {
        Ok(())
    }

    /// When something has come to last.
    fn committed(&self, _before: &State, _after: &State) {}
}

/// Surroundings in which nothing happens.
#[derive(Debug)]
pub struct Calm;

impl Surroundings for Calm {}

/// For how long a connection that writes without a unit of work keeps all others from writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lending {
    /// Until it is given back, as in the pool of SQLite's only writer.
    UntilGivenBack,
    /// For a statement, as on PostgreSQL.
    PerStatement,
}

/// A storage that is gone when it is dropped. Its copies are the same storage.
#[derive(Clone)]
pub struct MemoryStorage {
    state: Arc<Mutex<State>>,
    writer: Arc<tokio::sync::Mutex<()>>,
    lending: Lending,
    surroundings: Arc<dyn Surroundings>,
}

impl MemoryStorage {
    /// An empty one.
    pub fn new(lending: Lending, surroundings: Arc<dyn Surroundings>) -> Self {
        Self { state: Arc::default(), writer: Arc::default(), lending, surroundings }
    }

    /// What is stored: what a unit of work has that was not committed is not in it.
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
