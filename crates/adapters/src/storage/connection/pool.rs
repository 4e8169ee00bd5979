use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, bb8::Pool,
};

use super::{
    connect::{self, Sqlite},
    exclusive,
    health::PoolHealth,
    outage::Outage,
    pipelined,
};
use crate::storage::{sql::observe::QueryObserver, url::DatabaseUrl};

/// Options of the connection pools.
#[derive(Debug, Clone, Default)]
pub struct PoolOptions {
    /// On PostgreSQL, the maximum number of connections, in addition to one shared connection per core for looking up
    /// sessions. On SQLite, the maximum number of readers. `None` uses the default ([`PoolOptions::DEFAULT_SIZE`]
    /// on PostgreSQL).
    pub size: Option<u32>,
    /// How long a request waits for a connection before it fails with an unavailable database. `None` means one
    /// second on PostgreSQL, and five seconds on SQLite, where writers queue.
    pub wait: Option<Duration>,
    /// Observes every statement.
    pub observer: Option<Arc<dyn QueryObserver>>,
}

impl PoolOptions {
    /// The default number of PostgreSQL connections: about as many as there are concurrent requests under load,
    /// since waiting for a connection makes the slowest responses even slower.
    pub const DEFAULT_SIZE: u32 = 32;

    /// The default number of SQLite readers. Reads are bound by the CPU, so more readers would not help.
    const DEFAULT_READERS: u32 = 4;
}

const POSTGRES_WAIT: Duration = Duration::from_secs(1);
const SQLITE_WAIT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) enum Pools {
    Pg {
        pool: bb8::Pool<exclusive::Manager>,
        most: u32,
        lookups: bb8::Pool<pipelined::Manager>,
        suspicion: PoolHealth,
        outage: Outage,
    },
    /// A single writer, so that writers queue in the pool and not in SQLite, which makes them poll for the lock.
    Sqlite {
        path: PathBuf,
        readers: Pool<Sqlite>,
        most_readers: u32,
        writer: Pool<Sqlite>,
        outage: Outage,
    },
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pg { .. } => "Pg",
            Self::Sqlite { .. } => "Sqlite",
        })
    }
}

impl Pools {
    pub(crate) fn new(url: &DatabaseUrl, options: &PoolOptions) -> Self {
        let outage = Outage::default();
        match url {
            DatabaseUrl::Postgres(url) => {
                let most = options.size.unwrap_or(PoolOptions::DEFAULT_SIZE);
                let suspicion = PoolHealth::default();
                let pool = bb8::Pool::builder()
                    .max_size(most)
                    .connection_timeout(options.wait.unwrap_or(POSTGRES_WAIT))
                    .test_on_check_out(true)
                    .build_unchecked(exclusive::Manager {
                        url: (**url).clone(),
                        observer: options.observer.clone(),
                        suspicion: suspicion.clone(),
                        outage: outage.clone(),
                    });
                let lookups = bb8::Pool::builder()
                    .max_size(pipelined::most())
                    .connection_timeout(options.wait.unwrap_or(POSTGRES_WAIT))
                    .test_on_check_out(true)
                    .build_unchecked(pipelined::Manager {
                        url: (**url).clone(),
                        observer: options.observer.clone(),
                        suspicion: suspicion.clone(),
                        outage: outage.clone(),
                    });
                Self::Pg { pool, most, lookups, suspicion, outage }
            }
            DatabaseUrl::Sqlite(path) => {
                let pool = |size| {
                    Pool::builder()
                        .max_size(size)
                        .connection_timeout(options.wait.unwrap_or(SQLITE_WAIT))
                        .idle_timeout(None)
                        .max_lifetime(None)
                        .test_on_check_out(false)
                        .build_unchecked(sqlite_manager(
                            path,
                            options.observer.clone(),
                            outage.clone(),
                        ))
                };
                let most_readers = options.size.unwrap_or(PoolOptions::DEFAULT_READERS);
                Self::Sqlite {
                    path: path.clone(),
                    readers: pool(most_readers),
                    most_readers,
                    writer: pool(1),
                    outage,
                }
            }
        }
    }
}

fn sqlite_manager(
    path: &std::path::Path,
    observer: Option<Arc<dyn QueryObserver>>,
    outage: Outage,
) -> AsyncDieselConnectionManager<Sqlite> {
    let mut manager = ManagerConfig::default();
    manager.recycling_method = RecyclingMethod::Fast;
    manager.custom_setup = Box::new(move |path| {
        let (path, observer, outage) = (path.to_owned(), observer.clone(), outage.clone());
        Box::pin(async move { outage.record(connect::sqlite(&path, observer).await) })
    });
    AsyncDieselConnectionManager::new_with_config(path.to_string_lossy(), manager)
}
