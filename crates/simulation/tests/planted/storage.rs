use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use doorward_domain::ports::{
    AuditRepository, InviteRepository, MembershipRepository, NotReady, OneTimeTokenRepository,
    OrgRepository, OutboxRepository, Repositories, SessionRepository, SigningKeyRepository,
    Storage, StorageError, UnitOfWork, UserRepository,
};
use doorward_simulation::storage::MemoryStorage;

/// What is wrong with a storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    None,
    /// Every tenth commit leaves nothing, and says that it has happened.
    LosesCommits,
    /// What is written in a unit of work lasts at once.
    HasNoUnits,
    /// What is dropped without a commit keeps others from writing.
    KeepsLock,
    /// A single-use token that was used is given out again.
    ConsumesTwice,
    /// The token before the current one gets a successor of its own.
    ForksSessions,
    /// A refresh ends the session when it comes to the fifth generation.
    EndsForNothing,
    /// A session is said to be ended, and goes on.
    EndsNothing,
    /// Sessions go on when all are to be ended.
    LeavesSessions,
    /// All sessions are said to go on.
    SeesAllAlive,
    /// Links that were mailed are said to be void, and open the account all the same.
    VoidsNothing,
}

/// A storage with a defect.
pub(crate) struct Tampered {
    inner: MemoryStorage,
    defect: Defect,
    commits: Arc<AtomicU64>,
}

impl Tampered {
    pub(crate) fn new(inner: MemoryStorage, defect: Defect) -> Self {
        Self { inner, defect, commits: Arc::default() }
    }
}

#[async_trait]
impl Storage for Tampered {
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError> {
        Ok(Box::new(self.work(Inner::Connection(self.inner.connect().await?))))
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let inner = match self.defect {
            Defect::HasNoUnits => Inner::Connection(self.inner.connect().await?),
            _ => Inner::Unit(self.inner.begin().await?),
        };
        Ok(Box::new(self.work(inner)))
    }

    async fn check_ready(&self) -> Result<(), NotReady> {
        self.inner.check_ready().await
    }
}

impl Tampered {
    fn work(&self, inner: Inner) -> Work {
        Work { inner: Some(inner), defect: self.defect, commits: self.commits.clone() }
    }
}

enum Inner {
    Unit(Box<dyn UnitOfWork>),
    Connection(Box<dyn Repositories>),
}

/// Repositories with a defect.
pub(crate) struct Work {
    /// Until the commit.
    inner: Option<Inner>,
    pub(crate) defect: Defect,
    commits: Arc<AtomicU64>,
}

impl Work {
    pub(crate) fn inner(&mut self) -> &mut dyn Repositories {
        match self.inner.as_mut().unwrap() {
            Inner::Unit(unit) => unit.as_mut(),
            Inner::Connection(connection) => connection.as_mut(),
        }
    }
}

#[async_trait]
impl UnitOfWork for Work {
    async fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        let commits = self.commits.fetch_add(1, Ordering::Relaxed);
        match self.inner.take() {
            Some(Inner::Unit(unit)) => {
                if self.defect == Defect::LosesCommits && commits % 10 == 9 {
                    return Ok(());
                }
                unit.commit().await
            }
            Some(Inner::Connection(_)) | None => Ok(()),
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.defect == Defect::KeepsLock {
            std::mem::forget(self.inner.take());
        }
    }
}

macro_rules! lend {
    ($($name:ident: $port:ident),+; tampered: $($own:ident: $own_port:ident),+) => {
        impl Repositories for Work {
            $(fn $name(&mut self) -> &mut dyn $port { self.inner().$name() })+
            $(fn $own(&mut self) -> &mut dyn $own_port { self })+
        }
    };
}

lend! {
    users: UserRepository, orgs: OrgRepository, memberships: MembershipRepository,
    invites: InviteRepository, outbox: OutboxRepository, audit: AuditRepository,
    signing_keys: SigningKeyRepository;
    tampered: sessions: SessionRepository, one_time_tokens: OneTimeTokenRepository
}
