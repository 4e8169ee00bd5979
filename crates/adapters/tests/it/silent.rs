//! A database server that takes connections and does nothing else any more.

use doorward_adapters::storage::{DatabaseUrl, Migrator};
use doorward_testing::PATIENCE;
use tokio::{net::TcpListener, time::timeout};

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
