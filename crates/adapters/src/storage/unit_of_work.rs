use std::sync::Arc;

use async_trait::async_trait;
use diesel::connection::AnsiTransactionManager as SyncTransactionManager;
use diesel_async::{
    AsyncConnection, TransactionManager, pooled_connection::AsyncDieselConnectionManager,
};
use doorward_domain::ports::{
    AuditRepository, InviteRepository, MembershipRepository, OneTimeTokenRepository, OrgRepository,
    OutboxRepository, Repositories, SessionRepository, SigningKeyRepository, StorageError,
    UnitOfWork, UserRepository,
};

use tokio::runtime::Handle;
use tracing::Instrument;

use super::{
    connection::{
        connect::{Pg, Sqlite},
        exclusive, health,
        pipelined::Shared,
        pool::Pools,
    },
    error,
    sql::dispatch::{sql_span, with_timeout},
};

pub(crate) type PooledPg = bb8::PooledConnection<'static, exclusive::Manager>;
type PooledSqlite = bb8::PooledConnection<'static, AsyncDieselConnectionManager<Sqlite>>;

/// A connection that was acquired from its pool.
#[expect(clippy::large_enum_variant, reason = "there is one per request, and it is not moved")]
pub(crate) enum Conn {
    Pg(PooledPg),
    Sqlite(PooledSqlite),
}

/// The repositories, over a connection that is acquired when it is first needed.
///
/// Outside a transaction, SQLite's reader is replaced by the writer at the first write.
pub(crate) struct SqlUnitOfWork {
    pools: Pools,
    held: Option<Lease>,
}

struct Lease {
    conn: Conn,
    may_write: bool,
}

impl SqlUnitOfWork {
    pub(crate) fn new(pools: Pools) -> Self {
        Self { pools, held: None }
    }

    /// Begins a transaction. On SQLite it is an immediate one, since a transaction that reads first and then
    /// writes fails if another one wrote in between.
    pub(crate) async fn begin(pools: Pools) -> Result<Self, StorageError> {
        let mut work = Self::new(pools);
        work.begin_transaction().instrument(sql_span!("BEGIN")).await?;
        Ok(work)
    }

    async fn begin_transaction(&mut self) -> Result<(), StorageError> {
        match self.writer().await? {
            Conn::Pg(guard) => {
                with_timeout!(guard, |conn| {
                    <Pg as AsyncConnection>::TransactionManager::begin_transaction(conn).await
                })
            }
            Conn::Sqlite(guard) => {
                guard
                    .spawn_blocking(|connection| {
                        SyncTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
                    })
                    .await
            }
        }
        .map_err(error::storage)
    }

    async fn commit_transaction(&mut self) -> Result<(), StorageError> {
        match self.writer().await? {
            Conn::Pg(guard) => {
                with_timeout!(guard, |conn| {
                    <Pg as AsyncConnection>::TransactionManager::commit_transaction(conn).await
                })
            }
            Conn::Sqlite(guard) => {
                <Sqlite as AsyncConnection>::TransactionManager::commit_transaction(&mut **guard)
                    .await
            }
        }
        .map_err(error::storage)
    }

    pub(crate) async fn reader(&mut self) -> Result<&mut Conn, StorageError> {
        self.acquire(false).await
    }

    pub(crate) async fn writer(&mut self) -> Result<&mut Conn, StorageError> {
        self.acquire(true).await
    }

    async fn acquire(&mut self, write: bool) -> Result<&mut Conn, StorageError> {
        // Release the reader before waiting for the writer.
        let held = self.held.take().filter(|held| held.may_write || !write);
        let held = match held {
            Some(held) => held,
            None => match &self.pools {
                Pools::Pg { pool, outage, .. } => {
                    let lent = pool.get_owned().await;
                    let conn = Conn::Pg(lent.map_err(|error| outage.of(error, pool))?);
                    Lease { conn, may_write: true }
                }
                Pools::Sqlite { readers, writer, outage, .. } => {
                    let pool = if write { writer } else { readers };
                    let lent = pool.get_owned().await;
                    let conn = Conn::Sqlite(lent.map_err(|error| outage.of(error, pool))?);
                    Lease { conn, may_write: write }
                }
            },
        };
        Ok(&mut self.held.insert(held).conn)
    }

    /// Returns a shared connection for reads by key. Returns `None` on SQLite, and inside a transaction, which
    /// alone sees its own writes.
    pub(crate) fn shared(
        &self,
    ) -> Option<impl Future<Output = Result<Arc<Shared>, StorageError>> + use<>> {
        match &self.pools {
            Pools::Pg { lookups, outage, .. } if self.held.is_none() => {
                let (lookups, outage) = (lookups.clone(), outage.clone());
                Some(async move {
                    let lent = lookups.get().await;
                    let lent = lent.map_err(|error| outage.of(error, &lookups))?;
                    Ok(Arc::clone(&lent))
                })
            }
            Pools::Pg { .. } | Pools::Sqlite { .. } => None,
        }
    }
}

impl Drop for SqlUnitOfWork {
    /// Returns a broken connection to the pool later, and marks the others to be probed.
    fn drop(&mut self) {
        let (Pools::Pg { suspicion, .. }, Some(held)) = (&self.pools, self.held.take()) else {
            return;
        };
        let Conn::Pg(mut guard) = held.conn else { return };
        if guard.only_reads {
            suspicion.only_reads();
        } else if health::is_given_up(&mut guard)
            && let Ok(runtime) = Handle::try_current()
        {
            suspicion.raise();
            // Keeps its place in the pool.
            runtime.spawn(async move { health::quarantine(&mut guard).await });
        }
    }
}

#[async_trait]
impl UnitOfWork for SqlUnitOfWork {
    async fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        self.commit_transaction().instrument(sql_span!("COMMIT")).await
    }
}

macro_rules! impl_repositories {
    ($($name:ident: $port:ident),+ $(,)?) => {
        impl Repositories for SqlUnitOfWork {
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
