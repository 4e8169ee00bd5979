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

/// A defect of a storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    None,
    /// Every tenth commit is lost, but reported as successful.
    LosesCommits,
    /// Each statement in a unit of work is committed immediately.
    HasNoUnits,
    /// A unit of work that is dropped without a commit keeps its lock.
    KeepsLock,
    /// A single-use token can be used twice.
    ConsumesTwice,
    /// The previous refresh token gets a second successor.
    ForksSessions,
    /// A refresh ends the session when it reaches the fifth generation.
    EndsForNothing,
    /// Ending a session has no effect, but is reported as successful.
    EndsNothing,
    /// Sessions stay live when all are ended.
    LeavesSessions,
    /// All sessions are returned as live.
    SeesAllAlive,
    /// Invalidating mailed links has no effect, but is reported as successful.
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
    /// `None` after the commit.
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

macro_rules! impl_repositories {
    ($($name:ident: $port:ident),+; tampered: $($own:ident: $own_port:ident),+) => {
        impl Repositories for Work {
            $(fn $name(&mut self) -> &mut dyn $port { self.inner().$name() })+
            $(fn $own(&mut self) -> &mut dyn $own_port { self })+
        }
    };
}

impl_repositories! {
    users: UserRepository, orgs: OrgRepository, memberships: MembershipRepository,
    invites: InviteRepository, outbox: OutboxRepository, audit: AuditRepository,
    signing_keys: SigningKeyRepository;
    tampered: sessions: SessionRepository, one_time_tokens: OneTimeTokenRepository
}
