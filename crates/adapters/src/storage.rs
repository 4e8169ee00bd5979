//! Storage in SQLite and PostgreSQL, with the same queries.
//!
//! Every query is written once and compiled for both backends (see `dispatch`); `dialect` holds what differs
//! between them. Conditional writes and frequent statements are written as SQL text (see `statement`), because on
//! PostgreSQL only these and SELECTs stay prepared.

mod audit;
mod backup;
mod column;
mod connect;
mod connections;
mod copy;
mod dialect;
mod dispatch;
mod error;
mod file;
mod fitness;
mod health;
mod invites;
mod memberships;
mod migrations;
mod observe;
mod one_time_tokens;
mod orgs;
mod outage;
mod outbox;
mod pipelined;
mod pool;
mod pooler;
mod readiness;
mod row;
mod schema;
mod selection;
mod sessions;
mod signing_keys;
mod statement;
mod status;
mod table;
mod unit_of_work;
mod url;
mod users;

use async_trait::async_trait;
use doorward_domain::ports::{NotReady, Repositories, Storage, StorageError, UnitOfWork};

pub use backup::{Backup, BackupError};
pub use copy::{CopiedTable, CopyError, Copying, copy};
pub use fitness::{Fitness, Unfit};
pub use migrations::{MigrationError, MigrationStatus, Migrator};
pub use observe::{QueryObserver, StatementKind};
pub use pool::PoolOptions;
pub use status::PoolStatus;
pub use url::{DatabaseUrl, InvalidDatabaseUrl, PostgresUrl};

use pool::Pools;
use unit_of_work::SqlUnitOfWork;

/// Storage in an SQL database.
#[derive(Debug, Clone)]
pub struct SqlStorage {
    pools: Pools,
}

impl SqlStorage {
    /// Opens connection pools to a database. Creates no connection yet, and does not change the schema: see
    /// [`Migrator`].
    pub fn open(url: &DatabaseUrl, options: &PoolOptions) -> Self {
        Self { pools: Pools::new(url, options) }
    }
}

#[async_trait]
impl Storage for SqlStorage {
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError> {
        Ok(Box::new(SqlUnitOfWork::new(self.pools.clone())))
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        Ok(Box::new(SqlUnitOfWork::begin(self.pools.clone()).await?))
    }

    async fn check_ready(&self) -> Result<(), NotReady> {
        readiness::check(&self.pools).await
    }
}
