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
    connect::{Pg, Sqlite},
    connections,
    dispatch::{in_time, sql_span},
    error,
    lookups::Shared,
    pool::Pools,
    silence,
};

pub(super) type PooledPg = bb8::PooledConnection<'static, connections::Manager>;
type PooledSqlite = bb8::PooledConnection<'static, AsyncDieselConnectionManager<Sqlite>>;

/// A connection that has been taken from its pool.
#[expect(clippy::large_enum_variant, reason = "there is one for a request, and it stays in place")]
pub(super) enum Conn {
    Pg(PooledPg),
    Sqlite(PooledSqlite),
}

/// The repositories, over one connection that is taken when it is first needed.
///
/// Without a transaction, SQLite's reader is swapped for the writer at the first write.
pub(super) struct Work {
    pools: Pools,
    held: Option<Held>,
}

struct Held {
    conn: Conn,
    may_write: bool,
}

impl Work {
    pub(super) fn new(pools: Pools) -> Self {
        Self { pools, held: None }
    }

    /// Begins a transaction: on SQLite an immediate one, since one that reads first and writes then
    /// is refused when another wrote in between.
    pub(super) async fn begin(pools: Pools) -> Result<Self, StorageError> {
        let mut work = Self::new(pools);
        work.begin_transaction().instrument(sql_span!("BEGIN")).await?;
        Ok(work)
    }

    async fn begin_transaction(&mut self) -> Result<(), StorageError> {
        match self.writer().await? {
            Conn::Pg(guard) => {
                in_time!(guard, |conn| {
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
                in_time!(guard, |conn| {
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

    pub(super) async fn reader(&mut self) -> Result<&mut Conn, StorageError> {
        self.acquire(false).await
    }

    pub(super) async fn writer(&mut self) -> Result<&mut Conn, StorageError> {
        self.acquire(true).await
    }

    async fn acquire(&mut self, write: bool) -> Result<&mut Conn, StorageError> {
        // Let go of the reader before waiting for the writer.
        let held = self.held.take().filter(|held| held.may_write || !write);
        let held = match held {
            Some(held) => held,
            None => match &self.pools {
                Pools::Pg { pool, outage, .. } => {
                    let lent = pool.get_owned().await;
                    let conn = Conn::Pg(lent.map_err(|error| outage.of(error, pool))?);
                    Held { conn, may_write: true }
                }
                Pools::Sqlite { readers, writer, outage, .. } => {
                    let pool = if write { writer } else { readers };
                    let lent = pool.get_owned().await;
                    let conn = Conn::Sqlite(lent.map_err(|error| outage.of(error, pool))?);
                    Held { conn, may_write: write }
                }
            },
        };
        Ok(&mut self.held.insert(held).conn)
    }

    /// A connection to look something up over that others use as well; `None` where there is one of its own (that of a
    /// transaction, which alone sees what it wrote), and on SQLite.
    pub(super) fn shared(
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

impl Drop for Work {
    /// A connection that was given up goes back to the pool later, and the others are looked at.
    fn drop(&mut self) {
        let (Pools::Pg { suspicion, .. }, Some(held)) = (&self.pools, self.held.take()) else {
            return;
        };
        let Conn::Pg(mut guard) = held.conn else { return };
        if guard.only_reads {
            suspicion.only_reads();
        } else if silence::is_given_up(&mut guard)
            && let Ok(runtime) = Handle::try_current()
        {
            suspicion.raise();
            runtime.spawn(silence::keep_place(guard));
        }
    }
}

#[async_trait]
impl UnitOfWork for Work {
    async fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        self.commit_transaction().instrument(sql_span!("COMMIT")).await
    }
}

macro_rules! lend {
    ($($name:ident: $port:ident),+ $(,)?) => {
        impl Repositories for Work {
            $(fn $name(&mut self) -> &mut dyn $port { self })+
        }
    };
}

lend! {
    users: UserRepository, orgs: OrgRepository, memberships: MembershipRepository,
    invites: InviteRepository, sessions: SessionRepository,
    one_time_tokens: OneTimeTokenRepository, outbox: OutboxRepository, audit: AuditRepository,
    signing_keys: SigningKeyRepository,
}
