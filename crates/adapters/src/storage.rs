//! Storage on SQLite and on PostgreSQL, by the same queries.
//!
//! Every query is written once and compiled for both backends (see `dispatch`); what truly differs
//! is in `dialect`. Statements that decide something, and those that are run often, are written by
//! hand (see `statement`), because only those and SELECTs are kept prepared on PostgreSQL.

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
mod invites;
mod lookups;
mod memberships;
mod migrations;
mod observe;
mod one_time_tokens;
mod orgs;
mod outage;
mod outbox;
mod pool;
mod pooler;
mod readiness;
mod row;
mod schema;
mod selection;
mod sessions;
mod signing_keys;
mod silence;
mod statement;
mod status;
mod table;
mod url;
mod users;
mod work;

use async_trait::async_trait;
use doorward_domain::ports::{NotReady, Repositories, Storage, StorageError, UnitOfWork};

pub use backup::{Backup, BackupError};
pub use copy::{CopiedTable, CopyError, Copying, copy};
pub use fitness::{Fitness, Unfit};
pub use migrations::{MigrationError, MigrationStatus, Migrator};
pub use observe::{Observer, StatementKind};
pub use pool::PoolOptions;
pub use status::PoolStatus;
pub use url::{DatabaseUrl, InvalidDatabaseUrl, PostgresUrl};

use pool::Pools;
use work::Work;

/// Storage in an SQL database.
#[derive(Debug, Clone)]
pub struct SqlStorage {
    pools: Pools,
}

impl SqlStorage {
    /// Opens pools to a database. No connection is made yet, and the schema is left as it is: see
    /// [`Migrator`].
    pub fn open(url: &DatabaseUrl, options: &PoolOptions) -> Self {
        Self { pools: Pools::new(url, options) }
    }
}

#[async_trait]
impl Storage for SqlStorage {
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError> {
        Ok(Box::new(Work::new(self.pools.clone())))
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        Ok(Box::new(Work::begin(self.pools.clone()).await?))
    }

    async fn check_ready(&self) -> Result<(), NotReady> {
        readiness::check(&self.pools).await
    }
}
