use async_trait::async_trait;
use doorward_domain::ports::{
    AuditRepository, InviteRepository, MembershipRepository, OneTimeTokenRepository, OrgRepository,
    OutboxRepository, Repositories, SessionRepository, SigningKeyRepository, StorageError,
    UnitOfWork, UserRepository,
};
use tokio::sync::OwnedMutexGuard;

use super::{Call, Lending, MemoryStorage, state::State};

/// The repositories on one connection.
pub(super) struct Work {
    storage: MemoryStorage,
    /// The lock that keeps others from writing.
    writer: Option<OwnedMutexGuard<()>>,
    /// The state that a unit of work sees and changes; `None` without one.
    draft: Option<State>,
}

impl Work {
    pub(super) fn new(storage: MemoryStorage) -> Self {
        Self { storage, writer: None, draft: None }
    }

    /// Begins a unit of work like `BEGIN IMMEDIATE` on SQLite, with the lock of the only writer.
    pub(super) async fn begin(storage: MemoryStorage) -> Result<Self, StorageError> {
        storage.surroundings.before(Call::Begin).await?;
        let writer = Some(storage.writer.clone().lock_owned().await);
        let draft = Some(storage.committed());
        Ok(Self { storage, writer, draft })
    }

    /// Runs a statement that reads.
    pub(super) async fn read<T>(
        &mut self,
        query: impl FnOnce(&State) -> T + Send,
    ) -> Result<T, StorageError> {
        self.storage.surroundings.before(Call::Read).await?;
        let answer = match &self.draft {
            Some(draft) => query(draft),
            None => query(&self.storage.committed()),
        };
        self.storage.surroundings.after(Call::Read).await?;
        Ok(answer)
    }

    /// Runs a statement that writes. If it fails, it has changed nothing.
    pub(super) async fn write<T: Send>(
        &mut self,
        statement: impl FnOnce(&mut State) -> T + Send,
    ) -> Result<T, StorageError> {
        self.try_write(|state| Ok(statement(state))).await
    }

    /// Runs a statement like [`Work::write`] that a constraint may reject.
    pub(super) async fn try_write<T: Send>(
        &mut self,
        statement: impl FnOnce(&mut State) -> Result<T, StorageError> + Send,
    ) -> Result<T, StorageError> {
        let call = if self.draft.is_some() { Call::Write } else { Call::WriteAlone };
        self.storage.surroundings.before(call).await?;
        if self.writer.is_none() {
            self.writer = Some(self.storage.writer.clone().lock_owned().await);
        }
        let mut next = self.draft.clone().unwrap_or_else(|| self.storage.committed());
        let answer = statement(&mut next)?;
        if self.draft.is_some() {
            self.draft = Some(next);
        } else {
            self.storage.install(next);
            if self.storage.lending == Lending::PerStatement {
                self.writer = None;
            }
        }
        self.storage.surroundings.after(call).await?;
        Ok(answer)
    }
}

#[async_trait]
impl UnitOfWork for Work {
    async fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        self.storage.surroundings.before(Call::Commit).await?;
        if let Some(draft) = self.draft.take() {
            self.storage.install(draft);
        }
        self.writer = None;
        self.storage.surroundings.after(Call::Commit).await
    }
}

macro_rules! impl_repositories {
    ($($name:ident: $port:ident),+ $(,)?) => {
        impl Repositories for Work {
            $(fn $name(&mut self) -> &mut dyn $port { self })+
        }
    };
}

impl_repositories! {
    users: UserRepository, orgs: OrgRepository, memberships: MembershipRepository,
    invites: InviteRepository, sessions: SessionRepository,
    one_time_tokens: OneTimeTokenRepository, outbox: OutboxRepository, audit: AuditRepository,
    signing_keys: SigningKeyRepository,
}
