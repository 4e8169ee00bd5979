//! Errors and logs while the database is unreachable, and recovery of read-only sessions.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use doorward_adapters::storage::{PoolOptions, SqlStorage};
use doorward_domain::{
    UserId,
    error::chain,
    ports::{NotReady, Storage, StorageError},
};
use doorward_testing::TestDatabase;
use futures::future::join_all;
use time::OffsetDateTime;
use tracing::subscriber::set_default;

use crate::connecting::{Server, error, listening};

/// Captured log lines.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        let log = self.0.lock().unwrap();
        String::from_utf8_lossy(&log).lines().map(ToOwned::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A password that was changed while the server runs: each request fails, and the reason is logged once.
#[tokio::test]
async fn outage_reason_is_in_each_error_and_logged_once() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
    let _logged = set_default(subscriber.finish());
    let refusal = error("28P01", "password authentication failed for user \"ann\"");
    let port = listening(Server::Says(refusal)).await.port;
    let url = format!("postgres://ann:canary@localhost:{port}/auth").parse().unwrap();
    let wait = Some(Duration::from_millis(500));
    let storage = SqlStorage::open(&url, &PoolOptions { wait, ..PoolOptions::default() });
    for _ in 0..2 {
        let error = storage.check_ready().await.unwrap_err();
        assert!(matches!(error, NotReady::Unavailable(_)), "{error:?}");
        let said = chain(&error);
        assert!(said.contains("within 0.5 s") && said.contains("password authentication failed"));
        assert!(!said.contains("canary"), "{said}");
    }
    let begun = storage.begin().await.map(drop).unwrap_err();
    assert!(chain(&begun).contains("check user and password"), "{begun:?}");
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("WARN") && lines[0].contains("password authentication failed"));
    assert!(!lines[0].contains("canary"), "{lines:?}");
}

async fn write(storage: &SqlStorage) -> Result<(), StorageError> {
    let mut repositories = storage.connect().await?;
    repositories.sessions().delete_ended(OffsetDateTime::UNIX_EPOCH, 100).await.map(drop)
}

/// Opens three connections, all of which began while the database was read-only.
async fn open_read_only_sessions(database: &TestDatabase) -> SqlStorage {
    database.set("default_transaction_read_only", "on").await;
    let storage = database.open_with(PoolOptions { size: Some(3), ..PoolOptions::default() });
    for work in join_all([(); 3].map(|()| storage.begin())).await {
        work.unwrap().commit().await.unwrap();
    }
    storage
}

/// Writes on three connections at the same time.
async fn assert_all_write(storage: &SqlStorage) {
    for work in join_all([(); 3].map(|()| storage.begin())).await {
        let mut work = work.unwrap();
        work.sessions().delete_ended(OffsetDateTime::UNIX_EPOCH, 100).await.unwrap();
        work.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn server_is_ready_at_first_check_after_database_becomes_writable() {
    let database = TestDatabase::postgres().await;
    let storage = open_read_only_sessions(&database).await;
    for _ in 0..2 {
        let error = storage.check_ready().await.unwrap_err();
        assert!(matches!(error, NotReady::ReadOnly(_)), "{error:?}");
        // Reads continue to work.
        let mut work = storage.begin().await.unwrap();
        work.users().find(UserId::NONE).await.unwrap();
    }
    database.set_default("default_transaction_read_only", "off").await;
    storage.check_ready().await.unwrap();
    assert_all_write(&storage).await;
}

/// The same, without readiness checks.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
async fn failed_write_replaces_read_only_sessions() {
    let database = TestDatabase::postgres().await;
    let storage = open_read_only_sessions(&database).await;
    let error = write(&storage).await.unwrap_err();
    assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
    database.set_default("default_transaction_read_only", "off").await;
    write(&storage).await.unwrap();
    assert_all_write(&storage).await;
}
