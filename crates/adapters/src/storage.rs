//! Storage in SQLite and PostgreSQL, with the same queries.
//!
//! Every query is written once and compiled for both backends (see `dispatch`); `dialect` holds what differs
//! between them. Conditional writes and frequent statements are written as SQL text (see `statement`), because on
//! PostgreSQL only these and SELECTs stay prepared.

mod connection;
mod error;
mod fitness;
mod migrations;
mod readiness;
mod repositories;
mod sql;
mod transfer;
mod unit_of_work;
mod url;

use async_trait::async_trait;
use doorward_domain::ports::{NotReady, Repositories, Storage, StorageError, UnitOfWork};

pub use connection::{pool::PoolOptions, status::PoolStatus};
pub use fitness::{Fitness, Unfit};
pub use migrations::{MigrationError, MigrationStatus, Migrator};
pub use sql::observe::{QueryObserver, StatementKind};
pub use transfer::{
    backup::{Backup, BackupError},
    copy::{CopiedTable, CopyError, Copying, copy},
};
pub use url::{DatabaseUrl, InvalidDatabaseUrl, PostgresUrl};

use connection::pool::Pools;
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
