//! A database server that takes connections, or statements, and does nothing else any more.

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
async fn a_database_that_is_silent_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url: DatabaseUrl =
        format!("postgres://ann@{address}/doorward?sslmode=disable").parse().unwrap();
    // The kernel takes the connection, and nobody reads what is said.
    let outcome = timeout(PATIENCE, Migrator(&url).status()).await;
    let error = outcome.unwrap().unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(format!("{error} {source}").contains("silent"), "{error}: {source}");
}

/// A statement is under way on a host that stands still: its kernel takes what is sent, and nothing comes back.
#[tokio::test]
async fn a_statement_that_nothing_is_said_to_is_given_up_and_its_connection_with_it() {
    for asked in [Asked::Ready, Asked::Lookup, Asked::Read, Asked::Write, Asked::Begin] {
        let (relay, storage, _database) = behind_relay().await;
        asked.of(&storage).await.unwrap();
        assert_silence_is_given_up(&relay, asked.of(&storage)).await;
        relay.set(Conduct::Forward).await;
        // There is one connection, so it is a new one.
        asked.of(&storage).await.unwrap_or_else(|error| panic!("{asked:?}: {error}"));
    }
}

#[tokio::test]
async fn a_commit_that_nothing_is_said_to_is_given_up_and_its_connection_with_it() {
    let (relay, storage, _database) = behind_relay().await;
    let work = storage.begin().await.unwrap();
    assert_silence_is_given_up(&relay, work.commit()).await;
    relay.set(Conduct::Forward).await;
    storage.begin().await.unwrap().commit().await.unwrap();
}

/// Others may lead to where nobody speaks: they are asked before they are lent.
#[tokio::test]
async fn after_a_silence_no_other_connection_is_believed_to_speak() {
    let database = migrated().await;
    let relay = database.behind_relay().await;
    let options = PoolOptions { size: Some(3), wait: Some(PATIENCE), ..PoolOptions::default() };
    let storage = SqlStorage::open(&relay.url().parse().unwrap(), &options);
    let three = [(); 3].map(|()| storage.begin());
    for work in join_all(three).await {
        work.unwrap().commit().await.unwrap();
    }
    assert_eq!(relay.accepted(), 3);
    assert_silence_is_given_up(&relay, Asked::Read.of(&storage)).await;
    // From now on connections that are new lead to who speaks; the two others of before don't.
    relay.hang_up().await;
    relay.set(Conduct::Forward).await;
    Asked::Read.of(&storage).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_not_lent() {
    let (_relay, storage, database) = behind_relay().await;
    Asked::Read.of(&storage).await.unwrap();
    Asked::Lookup.of(&storage).await.unwrap();
    database.allow_connections(false).await;
    database.allow_connections(true).await;
    Asked::Read.of(&storage).await.unwrap();
    Asked::Lookup.of(&storage).await.unwrap();
}

async fn migrated() -> TestDatabase {
    // Migrations want a runtime of many threads; where time is paused there is one.
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

/// From now on the database says nothing. Time is made to pass, rather than waited for.
async fn assert_silence_is_given_up(
    relay: &Relay,
    asked: impl Future<Output = Result<(), StorageError>>,
) {
    relay.set(Conduct::Silent).await;
    pause();
    let began = Instant::now();
    let error = asked.await.unwrap_err();
    let took = began.elapsed();
    // The connection keeps its place in the pool for a while.
    sleep(Duration::from_secs(25)).await;
    resume();
    assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
    assert!(format!("{error:?}").contains("silent"), "{error:?}");
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
            Self::Lookup => repositories.sessions().standing(SessionId::NONE, None).await.map(drop),
            Self::Read => repositories.users().find(UserId::NONE).await.map(drop),
            Self::Write => {
                let long_ago = OffsetDateTime::UNIX_EPOCH;
                repositories.sessions().delete_ended(long_ago).await.map(drop)
            }
            Self::Begin => storage.begin().await?.commit().await,
        }
    }
}
