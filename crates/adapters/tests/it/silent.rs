//! A database server that accepts connections or statements, and then never responds.

use std::time::Duration;

use doorward_adapters::storage::{DatabaseUrl, Migrator, PoolOptions, SqlStorage};
use doorward_domain::{
    SessionId, UserId,
    ports::{NotReady, Storage, StorageError},
};
use doorward_testing::{Conduct, PATIENCE, Relay, TestDatabase};
use futures::future::join_all;
use time::OffsetDateTime;
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    task::spawn_blocking,
    time::{Instant, pause, resume, sleep, timeout},
};

#[tokio::test]
async fn connecting_to_an_unresponsive_database_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url: DatabaseUrl =
        format!("postgres://ann@{address}/doorward?sslmode=disable").parse().unwrap();
    // The kernel accepts the connection, and no process reads from it.
    let outcome = timeout(PATIENCE, Migrator(&url).status()).await;
    let error = outcome.unwrap().unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(format!("{error} {source}").contains("not respond"), "{error}: {source}");
}

/// A statement is in progress on a hung host: its kernel acknowledges the data, and no response arrives.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn unanswered_statement_times_out_and_its_connection_is_dropped() {
    for asked in [Asked::Ready, Asked::Lookup, Asked::Read, Asked::Write, Asked::Begin] {
        let (relay, storage, _database) = behind_relay().await;
        asked.of(&storage).await.unwrap();
        assert_times_out(&relay, asked.of(&storage)).await;
        relay.set(Conduct::Forward).await;
        // The pool has one connection, so this is a new one.
        asked.of(&storage).await.unwrap_or_else(|error| panic!("{asked:?}: {error}"));
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn unanswered_commit_times_out_and_its_connection_is_dropped() {
    let (relay, storage, _database) = behind_relay().await;
    let work = storage.begin().await.unwrap();
    assert_times_out(&relay, work.commit()).await;
    relay.set(Conduct::Forward).await;
    storage.begin().await.unwrap().commit().await.unwrap();
}

/// Other connections may lead to the hung server too, so they are probed before they are lent.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn connections_are_probed_after_a_statement_timeout() {
    let database = migrated().await;
    let relay = database.behind_relay().await;
    let options = PoolOptions { size: Some(3), wait: Some(PATIENCE), ..PoolOptions::default() };
    let storage = SqlStorage::open(&relay.url().parse().unwrap(), &options);
    let three = [(); 3].map(|()| storage.begin());
    for work in join_all(three).await {
        work.unwrap().commit().await.unwrap();
    }
    assert_eq!(relay.accepted(), 3);
    assert_times_out(&relay, Asked::Read.of(&storage)).await;
    // New connections lead to a responsive server from here on; the two earlier ones don't.
    relay.hang_up().await;
    relay.set(Conduct::Forward).await;
    Asked::Read.of(&storage).await.unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn closed_idle_connection_is_not_lent() {
    let (_relay, storage, database) = behind_relay().await;
    Asked::Read.of(&storage).await.unwrap();
    Asked::Lookup.of(&storage).await.unwrap();
    database.allow_connections(false).await;
    database.allow_connections(true).await;
    Asked::Read.of(&storage).await.unwrap();
    Asked::Lookup.of(&storage).await.unwrap();
}

async fn migrated() -> TestDatabase {
    // Migrations require a multi-thread runtime, but pausing the time requires a single thread.
    let migrated = || Runtime::new().unwrap().block_on(TestDatabase::postgres());
    spawn_blocking(migrated).await.unwrap()
}

async fn behind_relay() -> (Relay, SqlStorage, TestDatabase) {
    let database = migrated().await;
    let relay = database.behind_relay().await;
    let one = PoolOptions { size: Some(1), wait: Some(PATIENCE), ..PoolOptions::default() };
    let storage = SqlStorage::open(&relay.url().parse().unwrap(), &one);
    (relay, storage, database)
}

/// From here on, the database does not respond. The time is advanced instead of waiting.
async fn assert_times_out(relay: &Relay, asked: impl Future<Output = Result<(), StorageError>>) {
    relay.set(Conduct::Silent).await;
    pause();
    let began = Instant::now();
    let error = asked.await.unwrap_err();
    let took = began.elapsed();
    // The connection keeps its place in the pool for a while.
    sleep(Duration::from_secs(25)).await;
    resume();
    assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
    assert!(format!("{error:?}").contains("not respond"), "{error:?}");
    assert!((Duration::from_secs(5)..Duration::from_secs(8)).contains(&took), "{took:?}");
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    Ready,
    Lookup,
    Read,
    Write,
    Begin,
}

impl Asked {
    async fn of(self, storage: &SqlStorage) -> Result<(), StorageError> {
        let mut repositories = storage.connect().await?;
        match self {
            Self::Ready => storage.check_ready().await.map_err(|problem| match problem {
                NotReady::Unavailable(error) => error,
                problem => panic!("{problem:?}"),
            }),
            Self::Lookup => {
                repositories.sessions().find_with_user(SessionId::NONE, None).await.map(drop)
            }
            Self::Read => repositories.users().find(UserId::NONE).await.map(drop),
            Self::Write => {
                let long_ago = OffsetDateTime::UNIX_EPOCH;
                repositories.sessions().delete_ended(long_ago, 100).await.map(drop)
            }
            Self::Begin => storage.begin().await?.commit().await,
        }
    }
}
