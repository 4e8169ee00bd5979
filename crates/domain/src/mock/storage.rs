use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{
    MockAuditRepository, MockInviteRepository, MockMembershipRepository,
    MockOneTimeTokenRepository, MockOrgRepository, MockOutboxRepository, MockSessionRepository,
    MockSigningKeyRepository, MockUserRepository,
};
use crate::ports::{
    AuditRepository, InviteRepository, MembershipRepository, NotReady, OneTimeTokenRepository,
    OrgRepository, OutboxRepository, Repositories, SessionRepository, SigningKeyRepository,
    Storage, StorageError, UnitOfWork, UserRepository,
};

/// One mock for each repository. A test sets expectations on those that it uses.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "each field is the mock of the repository with its name")]
pub struct MockRepositories {
    pub users: MockUserRepository,
    pub orgs: MockOrgRepository,
    pub memberships: MockMembershipRepository,
    pub invites: MockInviteRepository,
    pub sessions: MockSessionRepository,
    pub one_time_tokens: MockOneTimeTokenRepository,
    pub outbox: MockOutboxRepository,
    pub audit: MockAuditRepository,
    pub signing_keys: MockSigningKeyRepository,
}

macro_rules! impl_repositories {
    ($($name:ident: $port:ident),+ $(,)?) => {
        impl Repositories for MockRepositories {
            $(fn $name(&mut self) -> &mut dyn $port { &mut self.$name })+
        }

        impl Repositories for Unit {
            $(fn $name(&mut self) -> &mut dyn $port { &mut self.repositories.$name })+
        }
    };
}

impl_repositories! {
    users: UserRepository, orgs: OrgRepository, memberships: MembershipRepository,
    invites: InviteRepository, sessions: SessionRepository,
    one_time_tokens: OneTimeTokenRepository, outbox: OutboxRepository, audit: AuditRepository,
    signing_keys: SigningKeyRepository,
}

#[derive(Debug, Default)]
struct State {
    connections: VecDeque<MockRepositories>,
    units: VecDeque<MockRepositories>,
    commits: usize,
}

/// A storage that returns prepared repositories in order and counts commits.
///
/// A call that the test didn't prepare fails as if the database were unavailable.
#[derive(Debug, Default, Clone)]
pub struct MockStorage(Arc<Mutex<State>>);

impl MockStorage {
    /// Prepares the repositories of the next `connect`.
    #[must_use]
    pub fn on_connect(self, prepare: impl FnOnce(&mut MockRepositories)) -> Self {
        let mut repositories = MockRepositories::default();
        prepare(&mut repositories);
        self.with(|state| state.connections.push_back(repositories));
        self
    }

    /// Prepares the repositories of the next unit of work.
    #[must_use]
    pub fn on_begin(self, prepare: impl FnOnce(&mut MockRepositories)) -> Self {
        let mut repositories = MockRepositories::default();
        prepare(&mut repositories);
        self.with(|state| state.units.push_back(repositories));
        self
    }

    /// Returns the number of units of work that were committed.
    pub fn commits(&self) -> usize {
        self.with(|state| state.commits)
    }

    fn with<T>(&self, body: impl FnOnce(&mut State) -> T) -> T {
        body(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn unprepared() -> StorageError {
    StorageError::Unavailable("the test prepared no such connection".into())
}

#[async_trait]
impl Storage for MockStorage {
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError> {
        let repositories = self.with(|state| state.connections.pop_front());
        repositories.map(|r| Box::new(r) as _).ok_or_else(unprepared)
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let repositories = self.with(|state| state.units.pop_front()).ok_or_else(unprepared)?;
        Ok(Box::new(Unit { repositories, storage: self.clone() }))
    }

    async fn check_ready(&self) -> Result<(), NotReady> {
        Ok(())
    }
}

struct Unit {
    repositories: MockRepositories,
    storage: MockStorage,
}

#[async_trait]
impl UnitOfWork for Unit {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.storage.with(|state| state.commits += 1);
        Ok(())
    }
}
